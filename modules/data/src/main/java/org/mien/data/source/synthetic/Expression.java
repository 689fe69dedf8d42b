package org.mien.data.source.synthetic;

import java.util.Locale;

/**
 * The seven expressions that facial-expression data sets label, each as a set of muscle movements
 * at full intensity. Lengths are in model units (half a head's width).
 */
public enum Expression {
  //        inner  outer  squeeze open  squint corner stretch gap  jaw   raise press
  NEUTRAL(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
  HAPPY(0, .02, 0, -.08, .45, .17, .20, .15, .06, .02, .10),
  SAD(.10, -.06, .35, -.18, .05, -.14, -.08, 0, 0, 0, -.10),
  SURPRISED(.17, .15, 0, .50, 0, -.03, -.22, .34, .26, 0, .05),
  ANGRY(-.14, .04, .9, -.06, .30, -.08, -.06, 0, -.01, 0, .40),
  DISGUSTED(-.08, -.04, .6, -.22, .45, -.08, -.04, .07, .02, .08, .10),
  FEARFUL(.14, .03, .5, .38, 0, -.06, .14, .14, .10, 0, .25);

  final double browInner;
  final double browOuter;
  final double browSqueeze;

  /** Relative change of the opening of the upper lid. */
  final double lidOpening;

  /** How far the lower lid rises, as a part of its opening. */
  final double squint;

  final double cornerLift;

  /** Relative change of the mouth's width. */
  final double mouthStretch;

  final double mouthGap;
  final double jawDrop;
  final double upperLipRaise;

  /** How much of the lips' thickness disappears. */
  final double lipPress;

  Expression(
      double browInner,
      double browOuter,
      double browSqueeze,
      double lidOpening,
      double squint,
      double cornerLift,
      double mouthStretch,
      double mouthGap,
      double jawDrop,
      double upperLipRaise,
      double lipPress) {
    this.browInner = browInner;
    this.browOuter = browOuter;
    this.browSqueeze = browSqueeze;
    this.lidOpening = lidOpening;
    this.squint = squint;
    this.cornerLift = cornerLift;
    this.mouthStretch = mouthStretch;
    this.mouthGap = mouthGap;
    this.jawDrop = jawDrop;
    this.upperLipRaise = upperLipRaise;
    this.lipPress = lipPress;
  }

  /** Returns the name used in labels, for example {@code happy}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
