package org.mien.data.source.synthetic;

import org.mien.core.random.SeedStreams;

/**
 * Everything that makes a person, and nothing that changes from picture to picture.
 *
 * <p>A component described as a <em>deviation</em> counts standard deviations from the average face
 * and lies in [-3, 3], as the coefficients of a morphable model do; the renderer knows what one
 * deviation is in millimetres.
 *
 * @param head the skull, jaw and cheeks
 * @param eyes shape and colour of the eyes
 * @param brows shape and colour of the brows
 * @param nose shape of the nose
 * @param mouth shape and colour of the lips
 * @param ears size and stand of the ears
 * @param hair style and colour
 * @param skin tone and marks
 * @param facialHair beard and the like
 * @param glasses frames, {@link GlassesStyle#NONE} for most people
 * @param ageYears age in years, in [18, 80]; a picture may be taken a few years off
 */
public record IdentityParameters(
    Head head,
    Eyes eyes,
    Brows brows,
    Nose nose,
    Mouth mouth,
    Ears ears,
    Hair hair,
    Skin skin,
    FacialHair facialHair,
    Glasses glasses,
    double ageYears) {

  /** Largest deviation, in standard deviations. */
  public static final double MAX_DEVIATION = 3;

  public IdentityParameters {
    inRange("ageYears", ageYears, 18, 80);
  }

  /**
   * The skull, jaw and cheeks; all components are deviations.
   *
   * @param width of the whole head
   * @param height of the whole head
   * @param depth from face to back of the head
   * @param jawWidth width at the angles of the jaw
   * @param chinWidth from pointed to square
   * @param chinHeight from short to long
   * @param chinProminence from receding to prominent
   * @param cheekbones prominence of the cheekbones
   * @param cheekFullness from hollow to full
   * @param foreheadWidth width at the temples
   * @param browRidge prominence of the bone above the eyes
   * @param neckWidth width of the neck
   */
  public record Head(
      double width,
      double height,
      double depth,
      double jawWidth,
      double chinWidth,
      double chinHeight,
      double chinProminence,
      double cheekbones,
      double cheekFullness,
      double foreheadWidth,
      double browRidge,
      double neckWidth) {
    public Head {
      deviation("head.width", width);
      deviation("head.height", height);
      deviation("head.depth", depth);
      deviation("head.jawWidth", jawWidth);
      deviation("head.chinWidth", chinWidth);
      deviation("head.chinHeight", chinHeight);
      deviation("head.chinProminence", chinProminence);
      deviation("head.cheekbones", cheekbones);
      deviation("head.cheekFullness", cheekFullness);
      deviation("head.foreheadWidth", foreheadWidth);
      deviation("head.browRidge", browRidge);
      deviation("head.neckWidth", neckWidth);
    }
  }

  /**
   * The eyes.
   *
   * @param spacing deviation of the distance between them
   * @param height deviation of their height in the face
   * @param width deviation of their width
   * @param opening deviation from narrow to wide open
   * @param slant deviation from outer corners down to outer corners up
   * @param depth deviation from protruding to deep set
   * @param lidCrease deviation of the height of the visible upper lid
   * @param irisSize deviation of the iris' radius
   * @param lashes deviation of the lashes' strength
   * @param color colour of the iris
   */
  public record Eyes(
      double spacing,
      double height,
      double width,
      double opening,
      double slant,
      double depth,
      double lidCrease,
      double irisSize,
      double lashes,
      EyeColor color) {
    public Eyes {
      deviation("eyes.spacing", spacing);
      deviation("eyes.height", height);
      deviation("eyes.width", width);
      deviation("eyes.opening", opening);
      deviation("eyes.slant", slant);
      deviation("eyes.depth", depth);
      deviation("eyes.lidCrease", lidCrease);
      deviation("eyes.irisSize", irisSize);
      deviation("eyes.lashes", lashes);
    }
  }

  /**
   * The brows.
   *
   * @param height deviation of the distance to the eyes
   * @param thickness deviation
   * @param length deviation
   * @param slope deviation from outer end down to outer end up
   * @param arch deviation from straight to arched
   * @param darkness 0 for brows as light as the hair, 1 for black ones
   */
  public record Brows(
      double height, double thickness, double length, double slope, double arch, double darkness) {
    public Brows {
      deviation("brows.height", height);
      deviation("brows.thickness", thickness);
      deviation("brows.length", length);
      deviation("brows.slope", slope);
      deviation("brows.arch", arch);
      inRange("brows.darkness", darkness, 0, 1);
    }
  }

  /**
   * The nose; all components are deviations.
   *
   * @param length from root to base
   * @param width at the nostrils
   * @param bridgeWidth at the root
   * @param bridgeHeight from flat to high at the root
   * @param projection how far the tip stands out
   * @param hump from concave to convex profile
   * @param tipSize from fine to bulbous
   * @param tipAngle from drooping to turned up
   */
  public record Nose(
      double length,
      double width,
      double bridgeWidth,
      double bridgeHeight,
      double projection,
      double hump,
      double tipSize,
      double tipAngle) {
    public Nose {
      deviation("nose.length", length);
      deviation("nose.width", width);
      deviation("nose.bridgeWidth", bridgeWidth);
      deviation("nose.bridgeHeight", bridgeHeight);
      deviation("nose.projection", projection);
      deviation("nose.hump", hump);
      deviation("nose.tipSize", tipSize);
      deviation("nose.tipAngle", tipAngle);
    }
  }

  /**
   * The mouth.
   *
   * @param width deviation
   * @param height deviation of its height between nose and chin
   * @param upperLip deviation of the upper lip's thickness
   * @param lowerLip deviation of the lower lip's thickness
   * @param cupidsBow deviation of the notch in the upper lip
   * @param corners deviation from corners down to corners up at rest
   * @param protrusion deviation of how far the lips stand out
   * @param redness 0 for lips like the skin, 1 for painted ones
   */
  public record Mouth(
      double width,
      double height,
      double upperLip,
      double lowerLip,
      double cupidsBow,
      double corners,
      double protrusion,
      double redness) {
    public Mouth {
      deviation("mouth.width", width);
      deviation("mouth.height", height);
      deviation("mouth.upperLip", upperLip);
      deviation("mouth.lowerLip", lowerLip);
      deviation("mouth.cupidsBow", cupidsBow);
      deviation("mouth.corners", corners);
      deviation("mouth.protrusion", protrusion);
      inRange("mouth.redness", redness, 0, 1);
    }
  }

  /**
   * The ears.
   *
   * @param size deviation
   * @param stand deviation from close to the head to standing off
   */
  public record Ears(double size, double stand) {
    public Ears {
      deviation("ears.size", size);
      deviation("ears.stand", stand);
    }
  }

  /**
   * The hair of the head.
   *
   * @param style how it is worn
   * @param color its colour before greying
   * @param shade deviation from darker to lighter than the colour's middle
   * @param hairline deviation from low to high
   * @param peak deviation of the widow's peak
   * @param volume deviation from flat to full
   * @param side -1 or 1: to which side a parting falls
   * @param greyingYears the age in years at which half of the hair is grey, in [35, 80]
   * @param seed of the strands
   */
  public record Hair(
      HairStyle style,
      HairColor color,
      double shade,
      double hairline,
      double peak,
      double volume,
      int side,
      double greyingYears,
      int seed) {
    public Hair {
      deviation("hair.shade", shade);
      deviation("hair.hairline", hairline);
      deviation("hair.peak", peak);
      deviation("hair.volume", volume);
      inRange("hair.greyingYears", greyingYears, 35, 80);
      if (side != -1 && side != 1) {
        throw new IllegalArgumentException("hair.side must be -1 or 1, was " + side);
      }
    }
  }

  /**
   * The skin.
   *
   * @param tone 0 for the lightest, 1 for the darkest
   * @param undertone deviation from yellow to red
   * @param blush 0 to 1, redness of cheeks and nose
   * @param freckles 0 to 1, density
   * @param moles number of moles in the face, in [0, 4]
   * @param gloss 0 for matt, 1 for oily
   * @param seed of the places of freckles and moles
   */
  public record Skin(
      double tone,
      double undertone,
      double blush,
      double freckles,
      int moles,
      double gloss,
      int seed) {
    public Skin {
      inRange("skin.tone", tone, 0, 1);
      deviation("skin.undertone", undertone);
      inRange("skin.blush", blush, 0, 1);
      inRange("skin.freckles", freckles, 0, 1);
      inRange("skin.moles", moles, 0, 4);
      inRange("skin.gloss", gloss, 0, 1);
    }
  }

  /**
   * The hair of the face.
   *
   * @param style where it grows
   * @param density 0 for thin, 1 for thick
   * @param length deviation of its length
   */
  public record FacialHair(FacialHairStyle style, double density, double length) {
    public FacialHair {
      inRange("facialHair.density", density, 0, 1);
      deviation("facialHair.length", length);
    }
  }

  /**
   * The glasses a person owns; whether they are worn in a picture is a nuisance parameter.
   *
   * @param style shape of the frames
   * @param size deviation
   * @param thickness 0 for wire, 1 for thick frames
   * @param hue 0 to 1, the place in the palette of frame colours
   */
  public record Glasses(GlassesStyle style, double size, double thickness, double hue) {
    public Glasses {
      deviation("glasses.size", size);
      inRange("glasses.thickness", thickness, 0, 1);
      inRange("glasses.hue", hue, 0, 1);
    }
  }

  /**
   * Draws the person with this index from the stream {@code ("identity", index)}.
   *
   * <p>Most parameters are independent of each other, so that a network cannot guess one from
   * another. Four dependences keep people plausible: dark skin mostly goes with dark hair and eyes,
   * brows follow the hair, receding hair and grey follow age, and a hidden axis relates beards and
   * strong jaws with short hair. No label is derived from that axis.
   */
  public static IdentityParameters of(SeedStreams seeds, long index) {
    Draws draws = new Draws(seeds.stream("identity", index));
    double age = 18 + 60 * draws.uniform(0, 1) * draws.uniform(0.35, 1);
    // From -1 to 1; only shifts probabilities and two means below.
    double axis = draws.uniform(-1, 1);
    boolean canGrowBeard = axis > 0.05;

    Head head =
        new Head(
            draws.deviation(),
            draws.deviation(),
            draws.deviation(),
            clamp(draws.deviation() + 0.6 * axis),
            clamp(draws.deviation() + 0.5 * axis),
            draws.deviation(),
            draws.deviation(),
            draws.deviation(),
            draws.deviation(),
            draws.deviation(),
            clamp(draws.deviation() + 0.7 * axis),
            clamp(draws.deviation() + 0.8 * axis));

    double tone = draws.uniform(0, 1);
    EyeColor eyeColor =
        tone > 0.55
            ? draws.choose(EyeColor.values(), 6, 3, 0.5, 0.1, 0.05, 0.05)
            : draws.choose(EyeColor.values(), 2, 3, 2, 2, 3, 1.5);
    Eyes eyes =
        new Eyes(
            draws.deviation(),
            draws.deviation(),
            draws.deviation(),
            draws.deviation(),
            draws.deviation(),
            draws.deviation(),
            draws.deviation(),
            draws.deviation(),
            clamp(draws.deviation() - 0.8 * axis),
            eyeColor);
    Brows brows =
        new Brows(
            draws.deviation(),
            clamp(draws.deviation() + 0.5 * axis),
            draws.deviation(),
            draws.deviation(),
            clamp(draws.deviation() - 0.4 * axis),
            draws.uniform(0.1, 0.8));
    Nose nose =
        new Nose(
            draws.deviation(),
            draws.deviation(),
            draws.deviation(),
            draws.deviation(),
            draws.deviation(),
            draws.deviation(),
            draws.deviation(),
            draws.deviation());
    Mouth mouth =
        new Mouth(
            draws.deviation(),
            draws.deviation(),
            draws.deviation(),
            draws.deviation(),
            draws.deviation(),
            draws.deviation(),
            draws.deviation(),
            draws.chance(0.25 - 0.25 * axis) ? draws.uniform(0.5, 1) : draws.uniform(0, 0.4));
    Ears ears = new Ears(draws.deviation(), draws.deviation());

    HairColor hairColor =
        tone > 0.55
            ? draws.choose(HairColor.values(), 7, 3, 1, 0.2, 0.2, 0.1)
            : draws.choose(HairColor.values(), 2, 3, 3, 2.5, 3, 1.5);
    Hair hair =
        new Hair(
            hairStyle(draws, axis, age),
            hairColor,
            draws.deviation(),
            draws.deviation(),
            draws.deviation(),
            draws.deviation(),
            draws.chance(0.5) ? 1 : -1,
            draws.uniform(42, 78),
            draws.seed());
    Skin skin =
        new Skin(
            tone,
            draws.deviation(),
            draws.uniform(0, 1),
            tone < 0.45 && draws.chance(0.25) ? draws.uniform(0.3, 1) : 0,
            draws.weighted(5, 3, 2, 1, 1),
            draws.uniform(0, 1),
            draws.seed());
    FacialHair facialHair =
        new FacialHair(
            canGrowBeard
                ? draws.choose(FacialHairStyle.values(), 4, 2, 1, 1.2, 2)
                : FacialHairStyle.NONE,
            draws.uniform(0.4, 1),
            draws.deviation());
    Glasses glasses =
        new Glasses(
            draws.choose(GlassesStyle.values(), 7.5, 1, 1, 0.7),
            draws.deviation(),
            draws.uniform(0, 1),
            draws.uniform(0, 1));
    return new IdentityParameters(
        head, eyes, brows, nose, mouth, ears, hair, skin, facialHair, glasses, age);
  }

  private static HairStyle hairStyle(Draws draws, double axis, double age) {
    double shortHair = 1.15 + axis;
    double longHair = 1.15 - axis;
    double old = age > 40 ? 1 : 0.15;
    return draws.choose(
        HairStyle.values(),
        0.5 * shortHair * (0.4 + old), // bald
        0.8 * shortHair,
        1.2 * shortHair,
        1.2 * shortHair,
        0.8,
        1.0 * shortHair,
        0.9,
        0.5,
        1.0 * longHair,
        0.8 * longHair,
        1.1 * longHair,
        1.1 * longHair,
        0.8 * longHair,
        0.6,
        0.7 * longHair,
        0.9 * shortHair * old);
  }

  private static double clamp(double deviation) {
    return Math.max(-MAX_DEVIATION, Math.min(MAX_DEVIATION, deviation));
  }

  private static void deviation(String name, double value) {
    inRange(name, value, -MAX_DEVIATION, MAX_DEVIATION);
  }

  static void inRange(String name, double value, double min, double max) {
    if (!(value >= min && value <= max)) {
      throw new IllegalArgumentException(
          name + " must be in [" + min + ", " + max + "], was " + value);
    }
  }
}
