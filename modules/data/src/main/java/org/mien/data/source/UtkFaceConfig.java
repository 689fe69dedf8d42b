package org.mien.data.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.FileImageSource;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.Skipped;

/**
 * UTKFace: one folder of images named {@code age_gender_race_date.jpg}, or {@code .jpg.chip.jpg}
 * for the aligned ones (Z. Zhang, Y. Song, H. Qi: Age Progression/Regression by Conditional
 * Adversarial Autoencoder, CVPR 2017). Attributes: {@code age} in years, {@code gender} ({@code
 * male} for 0, {@code female} for 1) and {@code ethnicity} ({@code white}, {@code black}, {@code
 * asian}, {@code indian}, {@code other} for 0 to 4).
 *
 * <p>The set names nobody, so each image is an identity of its own. A few of its files lack a
 * number; they are listed as skipped.
 *
 * @param folder holds the images
 */
@TypeName("utkface")
public record UtkFaceConfig(
    @Setting("Folder of images named age_gender_race_date.jpg.") Path folder)
    implements DatasetConfig {
  private static final Pattern NAME =
      Pattern.compile("(\\d{1,3})_([01])_([0-4])_(\\d+)\\.(jpg|jpeg|png)(\\.chip\\.jpg)?");
  private static final List<String> GENDERS = List.of("male", "female");
  private static final List<String> ETHNICITIES =
      List.of("white", "black", "asian", "indian", "other");

  @Override
  public FaceManifest open(SeedStreams seeds) {
    RootFolder root = RootFolder.of(folder);
    List<FaceSample> samples = new ArrayList<>();
    List<Skipped> skipped = new ArrayList<>();
    for (String file : FlatFolder.filesIn(folder)) {
      Matcher name = NAME.matcher(file);
      Path path = folder.resolve(file);
      Optional<String> problem =
          name.matches()
              ? root.problemWith(path)
              : Optional.of("expected a name such as 26_1_2_20170116174525125.jpg");
      if (problem.isPresent()) {
        skipped.add(new Skipped(file, problem.get()));
        continue;
      }
      Map<String, String> attributes = new LinkedHashMap<>();
      attributes.put("age", Integer.toString(Integer.parseInt(name.group(1))));
      attributes.put("gender", GENDERS.get(Integer.parseInt(name.group(2))));
      attributes.put("ethnicity", ETHNICITIES.get(Integer.parseInt(name.group(3))));
      samples.add(new FaceSample(file, file, new FileImageSource(path), attributes));
    }
    if (samples.isEmpty()) {
      throw DataException.in(folder, "holds no image named age_gender_race_date.jpg");
    }
    return new FaceManifest(name(), samples, skipped);
  }

  @Override
  public String name() {
    return IdentityFolders.nameOf(folder);
  }
}
