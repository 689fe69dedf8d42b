package org.mien.data.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.FileImageSource;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;

/**
 * A folder for each expression, as FER2013 is passed on: {@code happy/1.png}, or with a level above
 * for the parts, {@code train/happy/1.png} and {@code test/happy/1.png}.
 *
 * <p>Attributes: {@code expression}, the folder's name in lower case, and {@code part} where there
 * is that level. Who is shown is unknown: each file is an identity of its own, called as its key.
 *
 * @param folder holds the folders of the expressions, or those of the parts
 * @param part the only part to use
 */
@TypeName("expression-folders")
public record ExpressionFoldersConfig(
    @Setting("Folder that holds a folder for each expression, or such folders for each part.")
        Path folder,
    @Setting("Part to use, such as train or test; all where it is not given.")
        Optional<String> part)
    implements DatasetConfig {

  @Override
  public FaceManifest open(SeedStreams seeds) {
    FolderListing listing =
        new FolderListing(folder, FolderTree.FILES, "a folder of images for each expression");
    List<FaceSample> samples = new ArrayList<>();
    List<String> parts = new ArrayList<>();
    for (FolderListing.Entry entry : listing.entries()) {
      if (!entry.isFolder()) {
        listing.skip(entry.key(), "lies outside an expression's folder");
        continue;
      }
      List<FolderListing.Entry> inner = listing.entries(entry);
      boolean isPart = inner.stream().anyMatch(FolderListing.Entry::isFolder);
      if (isPart) {
        parts.add(entry.name());
      }
      if (part.isPresent() && !(isPart && entry.name().equals(part.get()))) {
        continue;
      }
      if (!isPart) {
        add(samples, listing, entry.name(), Optional.empty(), inner);
        continue;
      }
      for (FolderListing.Entry expression : inner) {
        if (expression.isFolder()) {
          Optional<String> of = Optional.of(entry.name());
          add(samples, listing, expression.name(), of, listing.entries(expression));
        } else {
          listing.skip(expression.key(), "lies outside an expression's folder");
        }
      }
    }
    if (samples.isEmpty()) {
      throw listing.nothingUsable(
          part.isPresent()
              ? "holds no image in a part " + part.get() + "; its parts are " + parts
              : "holds no image in an expression's folder");
    }
    samples.sort(Comparator.comparing(FaceSample::key));
    return new FaceManifest(name(), samples, listing.skipped());
  }

  private static void add(
      List<FaceSample> samples,
      FolderListing listing,
      String expression,
      Optional<String> part,
      List<FolderListing.Entry> files) {
    Map<String, String> attributes = new HashMap<>();
    attributes.put("expression", expression.toLowerCase(Locale.ROOT));
    part.ifPresent(name -> attributes.put("part", name));
    for (FolderListing.Entry file : files) {
      Optional<String> problem =
          file.isFile()
              ? FolderConfig.problemWithName(expression, file.name())
              : Optional.of("is not a file; expected images");
      if (problem.isPresent()) {
        listing.skip(file.key(), problem.get());
      } else {
        samples.add(
            new FaceSample(file.key(), file.key(), new FileImageSource(file.path()), attributes));
      }
    }
  }

  @Override
  public boolean namesPeople() {
    return false;
  }

  @Override
  public String name() {
    return FolderListing.nameOf(folder);
  }
}
