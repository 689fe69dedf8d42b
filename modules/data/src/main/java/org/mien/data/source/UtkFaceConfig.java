package org.mien.data.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.FileImageSource;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;

/**
 * UTKFace: images whose names say age, gender and ethnicity, {@code age_gender_race_date.jpg} or
 * {@code ....jpg.chip.jpg} for the aligned ones, in one folder or in folders below it ({@code
 * part1}, {@code part2}, {@code part3}).
 *
 * <p>Attributes: {@code age} in years, 0 to 116; {@code gender} male or female; {@code ethnicity}
 * white, black, asian, indian or other. They were estimated by a network and checked by people, so
 * they say how a face was judged to look. Who is shown is unknown: each file is an identity of its
 * own, called as its key, so the set has no genuine pairs, and two pictures of one person count as
 * two people.
 *
 * <p>Z. Zhang, Y. Song, H. Qi: Age Progression/Regression by Conditional Adversarial Autoencoder,
 * CVPR 2017. A few files of the published set lack a part of their name; they are listed.
 *
 * @param folder holds the images
 */
@TypeName("utkface")
public record UtkFaceConfig(
    @Setting("Folder with UTKFace's images, or with its parts.") Path folder)
    implements DatasetConfig {
  private static final Pattern NAME =
      Pattern.compile("([0-9]{1,3})_([01])_([0-4])_([0-9]{1,20})\\.jpg(\\.chip\\.jpg)?");
  private static final List<String> GENDERS = List.of("male", "female");
  private static final List<String> ETHNICITIES =
      List.of("white", "black", "asian", "indian", "other");
  private static final int MAXIMUM_AGE = 116;

  @Override
  public FaceManifest open(SeedStreams seeds) {
    FolderListing listing =
        new FolderListing(folder, FolderTree.FILES, "images such as 26_1_2_20170116.jpg");
    List<FaceSample> samples = new ArrayList<>();
    for (FolderListing.Entry entry : listing.entries()) {
      if (entry.isFolder()) {
        for (FolderListing.Entry inner : listing.entries(entry)) {
          add(samples, listing, inner);
        }
      } else {
        add(samples, listing, entry);
      }
    }
    if (samples.isEmpty()) {
      throw listing.nothingUsable("holds no image with a name such as 26_1_2_20170116.jpg");
    }
    samples.sort(Comparator.comparing(FaceSample::key));
    return new FaceManifest(name(), samples, listing.skipped());
  }

  private static void add(
      List<FaceSample> samples, FolderListing listing, FolderListing.Entry entry) {
    Matcher name = NAME.matcher(entry.name());
    if (!entry.isFile()) {
      listing.skip(entry.key(), "is not a file; expected images");
    } else if (!name.matches() || Integer.parseInt(name.group(1)) > MAXIMUM_AGE) {
      listing.skip(
          entry.key(),
          "expected a name of age (0 to 116), gender (0, 1), race (0 to 4) and date, such as"
              + " 26_1_2_20170116.jpg");
    } else {
      samples.add(
          new FaceSample(
              entry.key(),
              entry.key(),
              new FileImageSource(entry.path()),
              Map.of(
                  "age", String.valueOf(Integer.parseInt(name.group(1))),
                  "gender", GENDERS.get(Integer.parseInt(name.group(2))),
                  "ethnicity", ETHNICITIES.get(Integer.parseInt(name.group(3))))));
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
