package org.mien.data.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mien.data.manifest.FaceManifest;

/**
 * Lists a folder of identity folders. Keys are {@code identity/file}; samples and skips are in the
 * order of their keys by UTF-16 code unit, whatever the locale or the file system. Hidden files
 * (names that begin with a dot) are passed over in silence, anything else unusable is listed. Links
 * are treated as {@link FolderListing} says.
 *
 * <p>What is kept is a few bytes a file: {@link FolderSamples}.
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
  private final FolderListing listing;
  private Optional<Set<String>> wanted = Optional.empty();
  private final Map<String, Integer> imagesOfWanted = new HashMap<>();

  IdentityFolders(String name, Path folder, int minimumImages, NameRule rule) {
    this(name, folder, minimumImages, rule, FolderTree.FILES);
  }

  IdentityFolders(String name, Path folder, int minimumImages, NameRule rule, FolderTree tree) {
    this.name = name;
    this.folder = folder;
    this.minimumImages = minimumImages;
    this.rule = rule;
    this.listing = new FolderListing(folder, tree, "a folder of images for each identity");
  }

  /** Restricts the data set to some identities; the others' folders are not looked into. */
  IdentityFolders only(Set<String> identities) {
    wanted = Optional.of(identities);
    return this;
  }

  /** Returns, after {@link #open}, how many images there are of each identity asked for. */
  Map<String, Integer> imagesOfWanted() {
    return imagesOfWanted;
  }

  static void checkMinimumImages(int minimumImages) {
    if (minimumImages < 1) {
      throw new IllegalArgumentException(
          "expected minimumImages of at least 1, was " + minimumImages);
    }
  }

  FaceManifest open() {
    FolderSamples.Builder samples = new FolderSamples.Builder(folder);
    int kept = 0;
    int tooFew = 0;
    int imagesOfTooFew = 0;
    int unwanted = 0;
    List<FolderListing.Entry> entries = new ArrayList<>(listing.entries());
    // Keys hold a slash after the identity, which is not the smallest letter: "a-b/" < "a/".
    entries.sort(Comparator.comparing(entry -> entry.name() + "/"));
    for (FolderListing.Entry entry : entries) {
      String identity = entry.name();
      if (!entry.isFolder()) {
        listing.skip(identity, "lies outside an identity's folder");
        continue;
      }
      if (wanted.isPresent() && !wanted.get().contains(identity)) {
        unwanted++;
        continue;
      }
      List<String> files = filesOf(entry);
      if (wanted.isPresent()) {
        imagesOfWanted.put(identity, files.size());
      }
      if (files.isEmpty()) {
        listing.skip(identity, "holds no usable image");
      } else if (files.size() < minimumImages) {
        tooFew++;
        imagesOfTooFew += files.size();
      } else {
        samples.add(identity, files);
        kept++;
      }
    }
    if (tooFew > 0) {
      listing.skip("*", tooFew(tooFew, imagesOfTooFew, minimumImages));
    }
    if (unwanted > 0) {
      listing.skip("*", unwanted + " identities were left out: not among those asked for");
    }
    if (kept == 0) {
      throw listing.nothingUsable(
          "holds no identity with "
              + (minimumImages == 1 ? "a usable image" : "at least " + minimumImages)
              + (minimumImages == 1 ? "" : " usable images"));
    }
    return new FaceManifest(name, samples.build(), listing.skipped());
  }

  /** The reason for which identities were left out. */
  static String tooFew(int identities, int images, int minimumImages) {
    return String.format(
        Locale.ROOT,
        "%d identities with %d images were left out: fewer than minimumImages (%d) each",
        identities,
        images,
        minimumImages);
  }

  private List<String> filesOf(FolderListing.Entry identity) {
    List<String> files = new ArrayList<>();
    for (FolderListing.Entry entry : listing.entries(identity)) {
      if (!entry.isFile()) {
        listing.skip(entry.key(), "is not a file; expected images");
        continue;
      }
      Optional<String> problem = rule.problemWith(identity.name(), entry.name());
      if (problem.isPresent()) {
        listing.skip(entry.key(), problem.get());
      } else {
        files.add(entry.name());
      }
    }
    return files;
  }
}
