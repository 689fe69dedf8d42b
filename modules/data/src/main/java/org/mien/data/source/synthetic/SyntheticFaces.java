package org.mien.data.source.synthetic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;

/** Data sets of synthetic faces. */
public final class SyntheticFaces {
  /** Identities and images are numbered with six digits, so that keys sort as numbers do. */
  public static final int MAX_INDEX = 999_999;

  private SyntheticFaces() {}

  /**
   * Returns a data set of synthetic people; pictures are drawn when a sample is decoded.
   *
   * <p>Person 12 of a seed is the same in every data set of that seed: disjoint ranges of
   * identities are disjoint people. Keys are {@code identity-000012/000003}.
   *
   * @param firstIdentity index of the first person, from 0
   * @param identities number of people, at least 1
   * @param imagesPerIdentity pictures of each, at least 1
   * @param sizePixels side of the square pictures
   * @param nuisance strength of pose, light, expression and so on, in [0, 2]
   */
  public static FaceManifest manifest(
      SeedStreams seeds,
      int firstIdentity,
      int identities,
      int imagesPerIdentity,
      int sizePixels,
      double nuisance) {
    if (firstIdentity < 0
        || identities < 1
        || imagesPerIdentity < 1
        || (long) firstIdentity + identities - 1 > MAX_INDEX
        || imagesPerIdentity - 1 > MAX_INDEX) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected indices from 0 to %d, was asked for %d people from %d with %d pictures each",
              MAX_INDEX,
              identities,
              firstIdentity,
              imagesPerIdentity));
    }
    List<FaceSample> samples = new ArrayList<>();
    for (int person = firstIdentity; person < firstIdentity + identities; person++) {
      IdentityParameters identity = IdentityParameters.of(seeds, person);
      String name = "identity-" + padded(person);
      for (int image = 0; image < imagesPerIdentity; image++) {
        SyntheticImageSource source =
            new SyntheticImageSource(seeds, person, image, sizePixels, nuisance);
        samples.add(
            new FaceSample(
                name + "/" + padded(image),
                name,
                source,
                attributes(identity, source.nuisanceParameters())));
      }
    }
    return new FaceManifest("synthetic", samples, List.of());
  }

  /**
   * Returns the labels of a picture. They are the renderer's own parameters, not somebody's
   * judgement of the picture:
   *
   * <ul>
   *   <li>{@code expression}: the label of an {@link Expression}; {@code expressionIntensity} from
   *       0 to 1
   *   <li>{@code age}: whole years, in the picture
   *   <li>{@code hair}: the label of a {@link HairStyle}; {@code hairColor}: of a {@link
   *       HairColor}, or {@code grey} where more than half is
   *   <li>{@code beard}: the label of a {@link FacialHairStyle}
   *   <li>{@code glasses}: the label of a {@link GlassesStyle} where they are worn, {@code
   *       sunglasses}, or {@code none}
   *   <li>{@code skinTone}: from 1 (lightest) to 6; {@code eyeColor}: the label of an {@link
   *       EyeColor}
   *   <li>{@code yawDegrees}, {@code pitchDegrees}, {@code rollDegrees}: as in {@link
   *       NuisanceParameters.Pose}, with one decimal
   *   <li>{@code occluded}: {@code true} where something stands in front of the picture
   * </ul>
   */
  public static Map<String, String> attributes(
      IdentityParameters identity, NuisanceParameters nuisance) {
    NuisanceParameters.Face face = nuisance.face();
    double years = FaceShape.years(identity, face);
    Map<String, String> labels = new HashMap<>();
    labels.put("expression", face.expression().label());
    labels.put("expressionIntensity", String.format(Locale.ROOT, "%.2f", face.intensity()));
    labels.put("age", Long.toString(Math.round(years)));
    labels.put("hair", identity.hair().style().label());
    labels.put(
        "hairColor",
        HairShape.grey(identity.hair(), years) > 0.5 ? "grey" : identity.hair().color().label());
    labels.put("beard", identity.facialHair().style().label());
    GlassesStyle worn = face.glassesOn() ? identity.glasses().style() : GlassesStyle.NONE;
    labels.put("glasses", face.sunglasses() ? "sunglasses" : worn.label());
    labels.put("skinTone", Integer.toString(1 + (int) Math.min(5, identity.skin().tone() * 6)));
    labels.put("eyeColor", identity.eyes().color().label());
    labels.put("yawDegrees", degrees(nuisance.pose().yawDegrees()));
    labels.put("pitchDegrees", degrees(nuisance.pose().pitchDegrees()));
    labels.put("rollDegrees", degrees(nuisance.pose().rollDegrees()));
    labels.put("occluded", Boolean.toString(nuisance.scene().occlusion() > 0));
    return Map.copyOf(labels);
  }

  private static String degrees(double value) {
    // Adding 0.0 turns a negative zero into a positive one.
    return String.format(Locale.ROOT, "%.1f", Math.rint(value * 10) / 10 + 0.0);
  }

  private static String padded(int index) {
    return String.format(Locale.ROOT, "%06d", index);
  }
}
