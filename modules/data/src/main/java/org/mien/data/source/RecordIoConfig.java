package org.mien.data.source;

import java.nio.file.Path;
import java.util.Optional;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceManifest;

/**
 * A RecordIO file of images as MXNet's {@code im2rec} or InsightFace write it, with its index
 * ({@code .idx}) or without. Images are read one by one where they lie; an index of 16 bytes an
 * image is kept in memory.
 *
 * <p>A record's first label is its identity. In InsightFace's files (a record 0 without an image,
 * whose labels say where the records of identities begin and end) the ranges of images that these
 * records give are used rather than the label of every image, for which the whole file would be
 * touched; an image whose own label disagrees is refused when it is decoded. If a range and the
 * labels at its two ends disagree, every image's label is read.
 *
 * <p>Keys are {@code identity/number.jpg}: the label in seven digits or more, or the identity's
 * name, and the record's number in eight. In a file without an index the number is the {@code id}
 * in the record's header, else its place.
 *
 * @param file the {@code .rec} file, or a folder with one
 * @param minimumImages identities with fewer images are left out, and counted
 * @param identityNames an {@code .lst} file from which identities get their folder's name
 */
@TypeName("recordio")
public record RecordIoConfig(
    @Setting("The .rec file, or a folder that holds train.rec or a single .rec file.") Path file,
    @Setting(
            value = "Identities with fewer images than this are left out.",
            defaultValue = "1",
            min = 1,
            max = 100000)
        int minimumImages,
    @Setting(
            "List (.lst) with lines number, label, path: an identity is then called like the folder"
                + " of its images rather than by its label.")
        Optional<Path> identityNames)
    implements DatasetConfig {

  public RecordIoConfig {
    IdentityFolders.checkMinimumImages(minimumImages);
  }

  /** All images of a file, identities called by their labels. */
  public RecordIoConfig(Path file) {
    this(file, 1, Optional.empty());
  }

  @Override
  public FaceManifest open(SeedStreams seeds) {
    return RecordIoSamples.open(name(), file, minimumImages, identityNames);
  }

  @Override
  public String name() {
    String name = FolderListing.nameOf(file);
    return name.endsWith(".rec") ? name.substring(0, name.length() - 4) : name;
  }
}
