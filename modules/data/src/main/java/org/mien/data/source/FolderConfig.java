package org.mien.data.source;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceManifest;

/**
 * A folder that holds a folder for each identity, with images of any name inside.
 *
 * @param folder holds a folder for each identity
 * @param minimumImages identities with fewer images are left out, and counted
 */
@TypeName("folder")
public record FolderConfig(
    @Setting("Folder that holds a folder of images for each identity.") Path folder,
    @Setting(
            value = "Identities with fewer images than this are left out.",
            defaultValue = "1",
            min = 1,
            max = 100000)
        int minimumImages)
    implements DatasetConfig {
  private static final List<String> EXTENSIONS = List.of(".jpg", ".jpeg", ".png", ".pgm", ".bmp");

  public FolderConfig {
    IdentityFolders.checkMinimumImages(minimumImages);
  }

  @Override
  public FaceManifest open(SeedStreams seeds) {
    return new IdentityFolders(name(), folder, minimumImages, FolderConfig::problemWithName).open();
  }

  @Override
  public String name() {
    return FolderListing.nameOf(folder);
  }

  static Optional<String> problemWithName(String identity, String file) {
    String lower = file.toLowerCase(Locale.ROOT);
    return EXTENSIONS.stream().anyMatch(lower::endsWith)
        ? Optional.empty()
        : Optional.of("not an image by its name; expected one of " + String.join(" ", EXTENSIONS));
  }
}
