package org.mien.data.source;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceManifest;

/**
 * Labeled Faces in the Wild, in any of its versions: {@code Name/Name_0001.jpg}. Files of other
 * names are left out and listed, for LFW's protocols name images by person and number.
 *
 * <p>G. Huang, M. Ramesh, T. Berg, E. Learned-Miller: Labeled Faces in the Wild, University of
 * Massachusetts, Technical Report 07-49, 2007.
 *
 * @param folder holds a folder for each person
 * @param minimumImages people with fewer images are left out, and counted
 */
@TypeName("lfw")
public record LfwConfig(
    @Setting("Folder that holds a folder for each person, such as lfw-deepfunneled.") Path folder,
    @Setting(
            value = "People with fewer images than this are left out.",
            defaultValue = "1",
            min = 1,
            max = 100000)
        int minimumImages)
    implements DatasetConfig {
  private static final Pattern NUMBERED = Pattern.compile("(.+)_(\\d{4})\\.jpg");

  public LfwConfig {
    IdentityFolders.checkMinimumImages(minimumImages);
  }

  @Override
  public FaceManifest open(SeedStreams seeds) {
    return new IdentityFolders(name(), folder, minimumImages, LfwConfig::problemWithName).open();
  }

  @Override
  public String name() {
    return IdentityFolders.nameOf(folder);
  }

  private static Optional<String> problemWithName(String identity, String file) {
    Matcher matcher = NUMBERED.matcher(file);
    boolean right =
        matcher.matches() && matcher.group(1).equals(identity) && !matcher.group(2).equals("0000");
    return right
        ? Optional.empty()
        : Optional.of("expected a name such as " + identity + "_0001.jpg");
  }
}
