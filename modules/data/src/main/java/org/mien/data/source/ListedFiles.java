package org.mien.data.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mien.core.error.DataException;
import org.mien.data.image.FaceLocation;
import org.mien.data.image.FileImageSource;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.manifest.Skipped;

/**
 * Image files that a list names, as samples made on demand. Keys are the list's paths; what else is
 * known of an image comes from a row of the list.
 */
final class ListedFiles extends FaceSamples {
  /** What a list says of its images, by row. */
  interface Rows {
    List<String> keys();

    String identity(int row);

    Map<String, String> attributes(int row);

    FaceLocation location(int row);
  }

  private final Path folder;
  private final Rows rows;
  private final List<String> keys;

  private ListedFiles(Path folder, Rows rows) {
    this.folder = folder;
    this.rows = rows;
    this.keys = rows.keys();
  }

  /**
   * Returns those images of a list that are there, and lists the others as skipped.
   *
   * @param list the file that names the images, for messages
   * @throws DataException if none of them can be used
   */
  static FaceManifest manifest(String name, Path list, Path folder, Rows rows) {
    RootFolder root = RootFolder.of(folder);
    ListedFiles all = new ListedFiles(folder, rows);
    int[] usable = new int[all.size()];
    int count = 0;
    List<Skipped> skipped = new ArrayList<>();
    for (int row = 0; row < all.size(); row++) {
      String key = all.key(row);
      Optional<Path> file = root.resolve(key);
      Optional<String> problem =
          file.isEmpty()
              ? Optional.of("leaves the folder of images")
              : root.problemWith(file.get());
      if (problem.isPresent()) {
        skipped.add(new Skipped(key, problem.get()));
      } else {
        usable[count++] = row;
      }
    }
    if (count == 0) {
      throw DataException.in(
          folder,
          String.format(
              Locale.ROOT,
              "holds none of the %d images of %s%s",
              all.size(),
              list,
              skipped.isEmpty()
                  ? ""
                  : "; " + skipped.get(0).key() + " " + skipped.get(0).reason()));
    }
    FaceSamples samples = count == usable.length ? all : all.select(Arrays.copyOf(usable, count));
    return new FaceManifest(name, samples, skipped);
  }

  @Override
  public FaceSample get(int index) {
    String key = key(index);
    return new FaceSample(
        key,
        identity(index),
        new FileImageSource(folder.resolve(key)),
        rows.attributes(index),
        rows.location(index));
  }

  @Override
  public String key(int index) {
    return keys.get(index);
  }

  @Override
  public String identity(int index) {
    return rows.identity(index);
  }

  @Override
  public int size() {
    return keys.size();
  }
}
