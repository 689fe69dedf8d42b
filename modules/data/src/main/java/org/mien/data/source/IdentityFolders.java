package org.mien.data.source;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mien.core.error.DataException;
import org.mien.data.image.FileImageSource;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.Skipped;

/**
 * Lists a folder of identity folders. Keys are {@code identity/file}; samples and skips are in the
 * order of their keys by UTF-16 code unit, whatever the locale or the file system. Hidden files
 * (names that begin with a dot) are passed over in silence, anything else unusable is listed.
 *
 * <p>Symbolic links are followed inside the data set's folder only: one that leads out of it is
 * listed and not read. The data set's folder itself may be a link.
 */
final class IdentityFolders {
  /** Decides by its name whether a file is a sample; a problem becomes the reason of the skip. */
  interface NameRule {
    Optional<String> problemWith(String identity, String file);
  }

  private final String name;
  private final Path folder;
  private final int minimumImages;
  private final NameRule rule;
  private final List<FaceSample> samples = new ArrayList<>();
  private final List<Skipped> skipped = new ArrayList<>();

  IdentityFolders(String name, Path folder, int minimumImages, NameRule rule) {
    this.name = name;
    this.folder = folder;
    this.minimumImages = minimumImages;
    this.rule = rule;
  }

  /** Returns the last part of a path, as a name for reports. */
  static String nameOf(Path folder) {
    Path last = folder.toAbsolutePath().normalize().getFileName();
    return last == null ? folder.toString() : last.toString();
  }

  static void checkMinimumImages(int minimumImages) {
    if (minimumImages < 1) {
      throw new IllegalArgumentException(
          "expected minimumImages of at least 1, was " + minimumImages);
    }
  }

  /** Says how many identities were left out for having too few images. */
  static Skipped tooFew(long identities, long images, int minimumImages) {
    return new Skipped(
        "*",
        String.format(
            Locale.ROOT,
            "%d identities with %d images were left out: fewer than minimumImages (%d) each",
            identities,
            images,
            minimumImages));
  }

  FaceManifest open() {
    Path root = realRoot();
    int tooFew = 0;
    int imagesOfTooFew = 0;
    for (Path entry : entriesOf(folder, root)) {
      String identity = nameIn(entry);
      BasicFileAttributes attributes = attributesInside(root, entry, identity);
      if (attributes == null) {
        continue;
      }
      if (!attributes.isDirectory()) {
        skipped.add(new Skipped(identity, "lies outside an identity's folder"));
        continue;
      }
      List<FaceSample> found = samplesOf(root, entry, identity);
      if (found.isEmpty()) {
        skipped.add(new Skipped(identity, "holds no usable image"));
      } else if (found.size() < minimumImages) {
        tooFew++;
        imagesOfTooFew += found.size();
      } else {
        samples.addAll(found);
      }
    }
    if (tooFew > 0) {
      skipped.add(tooFew(tooFew, imagesOfTooFew, minimumImages));
    }
    samples.sort(Comparator.comparing(FaceSample::key));
    skipped.sort(Comparator.comparing(Skipped::key));
    if (samples.isEmpty()) {
      throw nothingUsable();
    }
    return new FaceManifest(name, samples, skipped);
  }

  private Path realRoot() {
    try {
      return folder.toRealPath();
    } catch (NoSuchFileException e) {
      throw DataException.in(
          folder.toAbsolutePath().normalize(),
          "does not exist; expected a folder that holds a folder of images for each identity."
              + " If it is part of a collection of data sets, set MIEN_DATA to the folder that"
              + " collection lies in",
          e);
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  private List<FaceSample> samplesOf(Path root, Path identityFolder, String identity) {
    List<FaceSample> found = new ArrayList<>();
    for (Path entry : entriesOf(identityFolder, root)) {
      String file = nameIn(entry);
      String key = identity + "/" + file;
      BasicFileAttributes attributes = attributesInside(root, entry, key);
      if (attributes == null) {
        continue;
      }
      if (!attributes.isRegularFile()) {
        skipped.add(new Skipped(key, "is not a file; expected images"));
        continue;
      }
      Optional<String> problem = rule.problemWith(identity, file);
      if (problem.isPresent()) {
        skipped.add(new Skipped(key, problem.get()));
      } else {
        found.add(new FaceSample(key, identity, new FileImageSource(entry), Map.of()));
      }
    }
    return found;
  }

  /**
   * Returns what an entry is, or null after listing it as skipped: a link that leads out of the
   * root or nowhere, or a name that would break lists and tables.
   */
  private BasicFileAttributes attributesInside(Path root, Path entry, String key) {
    if (key.chars().anyMatch(Character::isISOControl)) {
      String shown = key.replaceAll("\\p{Cntrl}", "?");
      skipped.add(new Skipped(shown, "has a control character in its name"));
      return null;
    }
    try {
      BasicFileAttributes own =
          Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!own.isSymbolicLink()) {
        return own;
      }
      if (!entry.toRealPath().startsWith(root)) {
        skipped.add(new Skipped(key, "is a link that leaves the data set's folder; not followed"));
        return null;
      }
      return Files.readAttributes(entry, BasicFileAttributes.class);
    } catch (IOException e) {
      skipped.add(new Skipped(key, "cannot be read (" + e.getClass().getSimpleName() + ")"));
      return null;
    }
  }

  private static List<Path> entriesOf(Path directory, Path root) {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      for (Path entry : stream) {
        if (!nameIn(entry).startsWith(".")) {
          entries.add(entry);
        }
      }
    } catch (NotDirectoryException e) {
      throw DataException.in(
          directory, "is not a folder; expected one that holds a folder for each identity", e);
    } catch (IOException e) {
      throw unreadable(directory, e);
    } catch (DirectoryIteratorException e) {
      throw unreadable(root, e.getCause());
    }
    // Not Path's own order, which some file systems make blind to case.
    entries.sort(Comparator.comparing(IdentityFolders::nameIn));
    return entries;
  }

  private static String nameIn(Path entry) {
    return entry.getFileName().toString();
  }

  private static DataException unreadable(Path path, IOException e) {
    return DataException.in(path, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
  }

  private DataException nothingUsable() {
    StringBuilder message =
        new StringBuilder("holds no identity with ")
            .append(minimumImages == 1 ? "a" : "at least " + minimumImages)
            .append(minimumImages == 1 ? " usable image" : " usable images");
    for (Skipped skip : skipped.subList(0, Math.min(3, skipped.size()))) {
      message.append("; ").append(skip.key()).append(": ").append(skip.reason());
    }
    if (skipped.size() > 3) {
      message.append("; and ").append(skipped.size() - 3).append(" more");
    }
    return DataException.in(folder, message.toString());
  }
}
