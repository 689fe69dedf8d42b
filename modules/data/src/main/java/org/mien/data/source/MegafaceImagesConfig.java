package org.mien.data.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.random.SeedStreams;
import org.mien.data.format.KeyList;
import org.mien.data.image.FaceLocation;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.protocol.FaceScrubBoxes;
import org.mien.data.protocol.MegafaceList;

/**
 * The images of a list of the MegaFace development kit: probes, whom the list names, or
 * distractors, each an identity of its own, named by its key. Keys are the list's paths, as in the
 * protocol.
 *
 * @param list list of probes or of distractors
 * @param images folder that its paths are relative to
 * @param noises images to leave out, one a line
 * @param boxes FaceScrub's bounding boxes, which are those of the uncropped images
 */
@TypeName("megaface")
public record MegafaceImagesConfig(
    @Setting(
            "List of images, such as facescrub_uncropped_features_list.json or"
                + " megaface_features_list.json_10000_1.")
        Path list,
    @Setting("Folder that the paths of the list are relative to.") Path images,
    @Setting("Images to leave out, one a line, such as facescrub_noises.txt.")
        Optional<Path> noises,
    @Setting(
            value =
                "facescrub_actors.txt and facescrub_actresses.txt: bounding boxes in the uncropped"
                    + " images.",
            defaultValue = "[]")
        List<Path> boxes)
    implements DatasetConfig {
  public MegafaceImagesConfig {
    boxes = List.copyOf(boxes);
  }

  @Override
  public FaceManifest open(SeedStreams seeds) {
    MegafaceList all = MegafaceList.read(list);
    MegafaceList kept = noises.map(file -> all.without(MegafaceList.readNoises(file))).orElse(all);
    return ListedFiles.manifest(
        name(),
        list,
        images,
        new Images(KeyList.of(kept.paths()), kept.ids().map(Ids::of), FaceScrubBoxes.read(boxes)));
  }

  @Override
  public String name() {
    return FolderListing.nameOf(images);
  }

  /** Who each image shows, every name held once. */
  private static final class Ids {
    private final int[] row;
    private final List<String> names;

    private Ids(int[] row, List<String> names) {
      this.row = row;
      this.names = names;
    }

    static Ids of(List<String> ids) {
      Map<String, Integer> numbers = new HashMap<>();
      List<String> names = new ArrayList<>();
      int[] row = new int[ids.size()];
      for (int i = 0; i < row.length; i++) {
        Integer number = numbers.putIfAbsent(ids.get(i), names.size());
        row[i] = number == null ? names.size() : number;
        if (number == null) {
          names.add(ids.get(i));
        }
      }
      return new Ids(row, names);
    }
  }

  private record Images(List<String> keys, Optional<Ids> ids, FaceScrubBoxes boxes)
      implements ListedFiles.Rows {
    @Override
    public String identity(int row) {
      return ids.map(all -> all.names.get(all.row[row])).orElseGet(() -> keys.get(row));
    }

    @Override
    public Map<String, String> attributes(int row) {
      return Map.of();
    }

    @Override
    public FaceLocation location(int row) {
      return boxes.of(keys.get(row)).map(FaceLocation::of).orElse(FaceLocation.UNKNOWN);
    }
  }
}
