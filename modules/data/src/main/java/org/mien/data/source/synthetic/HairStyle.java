package org.mien.data.source.synthetic;

import java.util.Locale;

/**
 * How hair is worn: a shell over the skull with a thickness, a window for the face and a hem.
 * Lengths are in model units; heights are relative to the model's origin between the eyes.
 */
public enum HairStyle {
  //        top  side  front  from to   sideEnd hem  hang curl taper slant part quiff
  BALD(0, 0, 1, 48, 78, 0, 0, 0, 0, 1, 0, 0, 0),
  BUZZ(.03, .02, 0, 46, 74, -.15, -.70, 0, .2, 1, 0, 0, 0),
  SHORT(.13, .06, 0, 44, 74, -.25, -.70, 0, .1, .8, 0, 0, .05),
  SIDE_PART(.17, .08, -.05, 40, 74, -.30, -.75, 0, 0, .55, .30, 0, .10),
  FRINGE(.17, .13, -.52, 46, 72, -.42, -.80, .2, 0, .10, .02, 0, 0),
  SWEPT_UP(.14, .04, .02, 42, 74, -.20, -.65, 0, 0, .35, 0, 0, .30),
  CURLY(.30, .22, -.10, 44, 72, -.35, -.80, .3, 1, .45, 0, 0, .06),
  AFRO(.52, .48, .02, 50, 76, -.30, -.90, .6, 1, .55, 0, 0, 0),
  BOB(.15, .17, -.02, 38, 70, -1.20, -1.28, 1, 0, .45, .22, 0, 0),
  BOB_FRINGE(.16, .19, -.54, 52, 66, -1.10, -1.20, 1, 0, .10, 0, 0, 0),
  LONG_STRAIGHT(.11, .13, .02, 34, 68, -2.6, -2.6, 1, 0, .50, 0, .35, 0),
  LONG_WAVY(.20, .24, -.04, 34, 68, -2.6, -2.6, 1, .55, .45, .20, .12, 0),
  LONG_FRINGE(.14, .15, -.50, 50, 66, -2.6, -2.6, 1, .1, .10, 0, 0, 0),
  TIED_BACK(.06, .03, .02, 42, 76, -.15, -.60, 0, 0, 1, 0, 0, 0),
  BUN(.07, .04, .02, 42, 76, -.20, -.60, 0, 0, 1, 0, .05, 0),
  RECEDING(.09, .11, .75, 56, 84, -.25, -.75, 0, .1, 1, 0, 0, 0);

  final double topThickness;
  final double sideThickness;

  /** Added to the person's hairline at the front; negative falls over the forehead. */
  final double frontOffset;

  /** Azimuths, in radians from straight ahead, between which the hairline falls to its side end. */
  final double windowFromRadians;

  final double windowToRadians;
  final double sideEnd;
  final double hem;

  /** 0 follows the skull below the ears, 1 hangs straight down. */
  final double hang;

  final double curl;

  /** 1 grows out of the skin at the hairline, 0 hangs over it at full thickness. */
  final double taper;

  final double slant;

  /** Height of the inverted V that a middle part opens. */
  final double part;

  /** Extra height above the forehead. */
  final double quiff;

  HairStyle(
      double topThickness,
      double sideThickness,
      double frontOffset,
      double windowFromDegrees,
      double windowToDegrees,
      double sideEnd,
      double hem,
      double hang,
      double curl,
      double taper,
      double slant,
      double part,
      double quiff) {
    this.topThickness = topThickness;
    this.sideThickness = sideThickness;
    this.frontOffset = frontOffset;
    this.windowFromRadians = StrictMath.toRadians(windowFromDegrees);
    this.windowToRadians = StrictMath.toRadians(windowToDegrees);
    this.sideEnd = sideEnd;
    this.hem = hem;
    this.hang = hang;
    this.curl = curl;
    this.taper = taper;
    this.slant = slant;
    this.part = part;
    this.quiff = quiff;
  }

  /** Returns the name used in labels, for example {@code long-wavy}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
