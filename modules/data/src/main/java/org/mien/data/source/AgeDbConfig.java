package org.mien.data.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.FileImageSource;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.protocol.AgeDb30Config;

/**
 * AgeDB: one folder of images named {@code 0_MariaCallas_35_f.jpg} (S. Moschoglou et al.: AgeDB,
 * CVPR Workshops 2017). Attributes: {@code age} in years and {@code gender}, {@code female} or
 * {@code male}.
 *
 * @param folder holds the images
 */
@TypeName("agedb")
public record AgeDbConfig(
    @Setting("Folder of images named number_person_age_gender.jpg.") Path folder)
    implements DatasetConfig {

  @Override
  public FaceManifest open(SeedStreams seeds) {
    FolderListing listing =
        new FolderListing(folder, FolderTree.FILES, "images such as 0_MariaCallas_35_f.jpg");
    List<FaceSample> samples = new ArrayList<>();
    for (FolderListing.Entry entry : listing.entries()) {
      Matcher name = AgeDb30Config.IMAGE_NAME.matcher(entry.name());
      if (!entry.isFile()) {
        listing.skip(entry.key(), "is not a file; expected images");
      } else if (!name.matches()) {
        listing.skip(entry.key(), "expected a name such as 0_MariaCallas_35_f.jpg");
      } else {
        Map<String, String> attributes =
            Map.of(
                "age",
                Integer.toString(Integer.parseInt(name.group(3))),
                "gender",
                name.group(4).equals("f") ? "female" : "male");
        samples.add(
            new FaceSample(
                entry.key(), name.group(2), new FileImageSource(entry.path()), attributes));
      }
    }
    if (samples.isEmpty()) {
      throw listing.nothingUsable("holds no image named number_person_age_gender.jpg");
    }
    return new FaceManifest(name(), samples, listing.skipped());
  }

  @Override
  public String name() {
    return FolderListing.nameOf(folder);
  }
}
