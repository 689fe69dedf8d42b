package org.mien.data.source.synthetic;

/**
 * The lengths of one face with one expression, in model units: where deviations from the average
 * become geometry. Both the mesh and the skin's painter read the same numbers, so that the painted
 * mouth lies on the modelled lips.
 */
final class FaceShape {
  /** Number of horizontal cuts. */
  static final int SLICE_COUNT = 16;

  /** Horizontal cuts through the average head, from under the chin to the crown. */
  private static final double[][] SLICES = {
    // y, half width, front z, back z, squareness, tilt
    {-1.30, 0.00, 0.20, 0.20, 0.00, 0.55},
    {-1.41, 0.36, 0.60, -0.10, 0.00, 0.55},
    {-1.46, 0.55, 0.79, -0.35, 0.00, 0.55},
    {-1.37, 0.66, 0.90, -0.50, 0.02, 0.52},
    {-1.19, 0.73, 0.91, -0.62, 0.06, 0.42},
    {-0.93, 0.80, 0.95, -0.75, 0.10, 0.28},
    {-0.62, 0.875, 0.97, -0.86, 0.14, 0.10},
    {-0.28, 0.955, 0.97, -0.98, 0.18, 0.00},
    {0.02, 0.965, 0.96, -1.08, 0.20, 0.00},
    {0.30, 0.965, 1.00, -1.17, 0.20, 0.00},
    {0.62, 0.97, 0.98, -1.22, 0.20, 0.00},
    {0.93, 0.92, 0.87, -1.18, 0.17, 0.00},
    {1.19, 0.78, 0.66, -1.00, 0.12, 0.00},
    {1.38, 0.54, 0.36, -0.70, 0.06, 0.00},
    {1.48, 0.26, 0.06, -0.40, 0.00, 0.00},
    {1.505, 0.00, -0.17, -0.17, 0.00, 0.00},
  };

  final double[] sliceY = new double[SLICE_COUNT];
  final double[] sliceWidth = new double[SLICE_COUNT];
  final double[] sliceFront = new double[SLICE_COUNT];
  final double[] sliceBack = new double[SLICE_COUNT];
  final double[] sliceSquareness = new double[SLICE_COUNT];
  final double[] sliceTilt = new double[SLICE_COUNT];

  final float chinY;
  final float jawDrop;
  final float neckRadius;

  final float browRidge;
  final float cheekbone;
  final float cheekFullness;
  final float chinBall;

  final float eyeX;
  final float eyeY;
  final float eyeHalfWidth;
  final float eyeUp;
  final float eyeDown;
  final float eyeSlant;
  final float eyeDepth;
  final float lidGap;
  final float irisRadius;
  final float gazeX;
  final float gazeY;
  final float lash;

  final float browInnerX;
  final float browOuterX;
  final float browY;
  final float browThickness;
  final float browSlope;
  final float browArch;
  final float browInnerLift;
  final float browOuterLift;
  final float browSqueeze;

  final float noseTop;
  final float noseBase;
  final float noseHalfWidth;
  final float bridgeHalfWidth;
  final float bridgeHeight;
  final float tipHeight;
  final float hump;
  final float tipSize;
  final float tipTurn;

  final float mouthY;
  final float mouthHalfWidth;
  final float lipUp;
  final float lipDown;
  final float cupidsBow;
  final float cornerLift;
  final float mouthGap;
  final float lipProtrusion;

  final float beardPuff;

  /** Age in the picture, in years. */
  final double years;

  /** 0 at thirty and before, 1 at eighty. */
  final float age;

  FaceShape(IdentityParameters identity, NuisanceParameters.Face face) {
    Expression e = face.expression();
    double k = face.intensity();
    years = years(identity, face);
    age = (float) Math.max(0, Math.min(1, (years - 30) / 50));

    IdentityParameters.Head head = identity.head();
    double width = 1 + 0.055 * head.width();
    double height = 1 + 0.042 * head.height();
    double depth = 1 + 0.04 * head.depth();
    double sag = 0.02 * age;
    for (int i = 0; i < SLICE_COUNT; i++) {
      double[] slice = SLICES[i];
      double jaw = i <= 3 ? 1 : i == 4 ? 0.9 : i == 5 ? 0.7 : i == 6 ? 0.3 : 0;
      double temple = i >= 9 && i <= 13 ? 1 : 0;
      double chin = i <= 3 ? 1 : i == 4 ? 0.6 : 0;
      sliceY[i] = slice[0] * height - chin * (0.045 * head.chinHeight());
      sliceWidth[i] =
          slice[1]
              * width
              * (1 + jaw * (0.065 * head.jawWidth() + sag) + temple * 0.03 * head.foreheadWidth());
      sliceFront[i] = slice[2] * depth + chin * 0.04 * head.chinProminence();
      sliceBack[i] = slice[3] * depth;
      sliceSquareness[i] = slice[4] + jaw * (0.07 * head.chinWidth());
      sliceTilt[i] = slice[5];
    }
    chinY = (float) (-1.46 * height - 0.045 * head.chinHeight());
    jawDrop = (float) (k * e.jawDrop);
    neckRadius = (float) (0.57 + 0.055 * head.neckWidth());
    browRidge = (float) (0.045 + 0.025 * head.browRidge());
    cheekbone = (float) (0.055 + 0.03 * head.cheekbones());
    cheekFullness = (float) (0.03 * head.cheekFullness() - 0.02 * age + 0.03 * k * e.squint);
    chinBall = (float) (0.06 + 0.02 * head.chinProminence());

    IdentityParameters.Eyes eyes = identity.eyes();
    eyeX = (float) (width * (0.415 + 0.031 * eyes.spacing()));
    eyeY = (float) (0.0 + 0.042 * eyes.height());
    eyeHalfWidth = (float) (0.222 + 0.017 * eyes.width());
    double open = (1 - face.blink()) * (1 + k * e.lidOpening) * (1 - 0.12 * age);
    eyeUp = (float) (Math.max(0.04, 0.108 + 0.017 * eyes.opening()) * open);
    eyeDown =
        (float) ((0.058 + 0.007 * eyes.opening()) * (1 - k * e.squint) * (1 - 0.6 * face.blink()));
    eyeSlant = (float) (0.06 + 0.065 * eyes.slant());
    eyeDepth = (float) (0.09 + 0.022 * eyes.depth());
    lidGap = (float) Math.max(0.012, 0.055 + 0.02 * eyes.lidCrease() - 0.02 * age);
    irisRadius = (float) (0.104 + 0.006 * eyes.irisSize());
    gazeX = (float) (0.06 * face.gazeX());
    gazeY = (float) (0.008 + 0.03 * face.gazeY());
    lash = (float) (0.5 + 0.16 * eyes.lashes());

    IdentityParameters.Brows brows = identity.brows();
    double length = 0.50 + 0.035 * brows.length();
    browInnerX = (float) (eyeX - 0.24 - 0.4 * (length - 0.5) - 0.035 * k * e.browSqueeze);
    browOuterX = (float) (browInnerX + length);
    browY =
        (float)
            (eyeY
                + 0.275
                + 0.035 * brows.height()
                - 0.03 * head.browRidge()
                - 0.02 * age
                - 0.02 * k * e.browSqueeze);
    browThickness = (float) Math.max(0.012, 0.042 + 0.013 * brows.thickness());
    browSlope = (float) (0.03 + 0.045 * brows.slope());
    browArch = (float) (0.045 + 0.025 * brows.arch());
    browInnerLift = (float) (k * e.browInner);
    browOuterLift = (float) (k * e.browOuter);
    browSqueeze = (float) (k * e.browSqueeze);

    IdentityParameters.Nose nose = identity.nose();
    noseTop = eyeY + 0.10f;
    noseBase =
        (float) (-0.60 * height - 0.055 * nose.length() + 0.02 * (k * e.upperLipRaise / 0.08));
    noseHalfWidth = (float) (0.225 + 0.039 * nose.width() + 0.02 * k * Math.max(0, e.cornerLift));
    bridgeHalfWidth = (float) (0.115 + 0.016 * nose.bridgeWidth());
    bridgeHeight = (float) (0.11 + 0.035 * nose.bridgeHeight());
    tipHeight = (float) (0.40 + 0.045 * nose.projection());
    hump = (float) (0.035 * nose.hump());
    tipSize = (float) (0.145 + 0.02 * nose.tipSize());
    tipTurn = (float) (0.10 + 0.03 * nose.tipAngle());

    IdentityParameters.Mouth mouth = identity.mouth();
    mouthY =
        (float)
            (0.54 * noseBase
                + 0.46 * chinY
                + 0.06
                + 0.03 * mouth.height()
                + 0.4 * k * e.upperLipRaise);
    mouthHalfWidth = (float) ((0.375 + 0.037 * mouth.width()) * (1 + k * e.mouthStretch));
    double press = (1 - k * e.lipPress) * (1 - 0.25 * age);
    lipUp = (float) (Math.max(0.03, 0.080 + 0.021 * mouth.upperLip()) * press);
    lipDown = (float) (Math.max(0.04, 0.105 + 0.025 * mouth.lowerLip()) * press);
    cupidsBow = (float) (0.26 + 0.09 * mouth.cupidsBow());
    cornerLift = (float) (0.018 + 0.014 * mouth.corners() - 0.015 * age + k * e.cornerLift);
    mouthGap = (float) (k * e.mouthGap);
    lipProtrusion = (float) (0.06 + 0.015 * mouth.protrusion());

    beardPuff =
        identity.facialHair().style() == FacialHairStyle.BEARD
            ? (float) (0.085 + 0.025 * identity.facialHair().length())
            : 0;
  }

  /** Returns the age that a picture shows, in [18, 90]. */
  static double years(IdentityParameters identity, NuisanceParameters.Face face) {
    return Math.max(18, Math.min(90, identity.ageYears() + face.ageOffsetYears()));
  }

  /** Returns (1 - a^2 - b^2)^2 inside the unit circle and 0 outside: a bump without exp. */
  static float bump(float a, float b) {
    float d = 1 - a * a - b * b;
    return d > 0 ? d * d : 0;
  }

  static float smooth(float from, float to, float x) {
    float t = (x - from) / (to - from);
    if (t <= 0) {
      return 0;
    }
    if (t >= 1) {
      return 1;
    }
    return t * t * (3 - 2 * t);
  }

  /** Returns how far the surface at the frontal position (p, q) stands out from the bare head. */
  float relief(float p, float q) {
    float ap = Math.abs(p);
    float z = nose(p, q);
    z -= eyeDepth * bump((ap - eyeX + 0.03f) / 0.34f, (q - eyeY - 0.01f) / 0.26f);
    z += 0.075f * bump((ap - eyeX) / 0.24f, (q - eyeY) / 0.17f);
    float ridge = (q - eyeY - 0.27f) / 0.24f;
    if (ridge > -1 && ridge < 1) {
      float side = ap / 0.95f;
      z += browRidge * bump(0, ridge) * bump(0, side);
    }
    z += cheekbone * bump((ap - 0.60f) / 0.38f, (q - eyeY + 0.33f) / 0.36f);
    z += cheekFullness * bump((ap - 0.50f) / 0.40f, (q + 0.72f) / 0.42f);
    if (q < noseBase + 0.1f) {
      float mid = mouthY + cornerLift * 0.3f;
      z += lipProtrusion * bump(p / 0.62f, (q - mid) / 0.42f);
      z +=
          0.055f
              * bump(
                  p / (mouthHalfWidth * 1.15f), (q - mid - 0.5f * lipUp) / (lipUp * 1.1f + 0.02f));
      z +=
          0.065f
              * bump(
                  p / (mouthHalfWidth * 1.0f),
                  (q - mid + mouthGap + 0.55f * lipDown) / (lipDown * 1.0f + 0.02f));
      z -= 0.05f * bump(p / 0.3f, (q - mid + mouthGap + lipDown * 1.5f + 0.03f) / 0.10f);
      z += chinBall * bump(p / 0.36f, (q - chinY + jawDrop - 0.17f) / 0.22f);
    }
    return z;
  }

  /** Returns the height of the nose alone, which also casts the shadow beside it. */
  float nose(float p, float q) {
    float length = noseTop - noseBase;
    float t = (noseTop - q) / length;
    if (t < -0.5f || t > 1.15f) {
      return 0;
    }
    float ap = Math.abs(p);
    if (ap > 0.5f) {
      return 0;
    }
    float tc = Math.max(0, Math.min(1, t));
    float ridge =
        bridgeHeight
            + (tipHeight - bridgeHeight) * tc * (0.35f + 0.65f * tc)
            + hump * 4 * tc * (1 - tc);
    float end = 1.04f - 0.5f * tipTurn;
    float fall = smooth(-0.45f, 0.05f, t) * (1 - smooth(end - 0.24f, end + 0.08f, t));
    float w =
        1.85f
            * (bridgeHalfWidth
                + (noseHalfWidth * 0.72f - bridgeHalfWidth) * smooth(0.1f, 0.9f, tc));
    float c = 1 - (ap / w) * (ap / w);
    float z = c > 0 ? ridge * fall * c * c : 0;
    float tipQ = noseBase + tipTurn;
    z += 0.09f * bump(p / (tipSize * 1.3f), (q - tipQ) / (tipSize * 1.1f));
    z +=
        0.17f
            * bump(
                (ap - noseHalfWidth * 0.74f) / (noseHalfWidth * 0.52f),
                (q - noseBase - 0.085f) / 0.125f);
    return z;
  }

  /** Returns the height of the line between the lips at a horizontal position. */
  float mouthLine(float p) {
    float x = p / mouthHalfWidth;
    float xx = Math.min(1.3f, x * x);
    return mouthY + cornerLift * (xx - 0.25f);
  }
}
