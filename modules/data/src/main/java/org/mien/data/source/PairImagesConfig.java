package org.mien.data.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.FaceLocation;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.protocol.Pair;
import org.mien.data.protocol.PairFilesConfig;
import org.mien.data.protocol.PairList;

/**
 * The images that a list of pairs compares, such as those of CFP, CALFW, CPLFW, AgeDB-30 and RFW,
 * each once, with the keys and identities of the pairs. Where the list has groups, the attribute
 * {@code group} holds an image's.
 *
 * @param pairs the list
 * @param images folder that its paths are relative to
 */
@TypeName("pair-images")
public record PairImagesConfig(
    @Setting("The pairs whose images these are.") PairFilesConfig pairs,
    @Setting("Folder that the paths of the pairs are relative to.") Path images)
    implements DatasetConfig {

  @Override
  public FaceManifest open(SeedStreams seeds) {
    PairList list = pairs.open();
    Map<String, String> identityOf = new LinkedHashMap<>();
    for (Pair pair : list.pairs()) {
      identityOf.putIfAbsent(pair.keyA(), pair.identityA());
      identityOf.putIfAbsent(pair.keyB(), pair.identityB());
    }
    return ListedFiles.manifest(
        list.name(),
        Path.of(list.name()),
        images,
        new Images(
            new ArrayList<>(identityOf.keySet()),
            new ArrayList<>(identityOf.values()),
            list.groups()));
  }

  @Override
  public String name() {
    return FolderListing.nameOf(images);
  }

  private record Images(List<String> keys, List<String> identities, Map<String, String> groups)
      implements ListedFiles.Rows {
    @Override
    public String identity(int row) {
      return identities.get(row);
    }

    @Override
    public Map<String, String> attributes(int row) {
      String group = groups.get(keys.get(row));
      return group == null ? Map.of() : Map.of("group", group);
    }

    @Override
    public FaceLocation location(int row) {
      return FaceLocation.UNKNOWN;
    }
  }
}
