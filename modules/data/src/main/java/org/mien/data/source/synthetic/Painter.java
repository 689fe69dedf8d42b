package org.mien.data.source.synthetic;

/**
 * Computes the colour of a place on the surface: what it is made of, then how the light falls on
 * it. Colours are linear light. One painter serves one picture on one thread.
 */
final class Painter {
  /** Skin from light to dark, as sRGB. */
  private static final int[][] TONES = {
    {250, 220, 200}, {240, 198, 168}, {222, 172, 134}, {190, 136, 98}, {136, 92, 64}, {80, 52, 40}
  };

  float red;
  float green;
  float blue;

  private final FaceShape shape;
  private final HairShape hair;
  private final Frame frame;
  private final Rotation rotation;

  /** Smallest width of painted edges, so that they do not fray at small sizes. */
  private final float soft;

  private final float lightX;
  private final float lightY;
  private final float lightZ;
  private final float halfX;
  private final float halfY;
  private final float halfZ;
  private final float keyRed;
  private final float keyGreen;
  private final float keyBlue;
  private final float ambient;
  private final float castX;
  private final float castY;

  private final float skinRed;
  private final float skinGreen;
  private final float skinBlue;
  private final float blush;
  private final float gloss;
  private final float freckles;
  private final int skinSeed;
  private final float[] moles;
  private final float lipRed;
  private final float lipGreen;
  private final float lipBlue;
  private final float irisRed;
  private final float irisGreen;
  private final float irisBlue;
  private final float browRed;
  private final float browGreen;
  private final float browBlue;
  private final FacialHairStyle beard;
  private final float beardDensity;
  private final float clothesRed;
  private final float clothesGreen;
  private final float clothesBlue;

  // What the material painters hand to the light.
  private float albedoRed;
  private float albedoGreen;
  private float albedoBlue;
  private float specular;
  private float occlusion;

  /** How much of the key light the nose takes, 0 to 1. */
  private float shadow;

  /** Brightness of the light's reflection in the eye. */
  private float glint;

  private float nx;
  private float ny;
  private float nz;

  Painter(
      IdentityParameters identity,
      NuisanceParameters nuisance,
      FaceShape shape,
      HairShape hair,
      Frame frame,
      View view,
      int sizePixels) {
    this.shape = shape;
    this.hair = hair;
    this.frame = frame;
    this.rotation = view.head;
    this.soft = Math.max(0.012f, 2.2f / sizePixels * 0.5f);

    NuisanceParameters.Light light = nuisance.light();
    double azimuth = StrictMath.toRadians(light.azimuthDegrees());
    double elevation = StrictMath.toRadians(light.elevationDegrees());
    lightX = (float) (StrictMath.cos(elevation) * StrictMath.sin(azimuth));
    lightY = (float) StrictMath.sin(elevation);
    lightZ = (float) (StrictMath.cos(elevation) * StrictMath.cos(azimuth));
    float hz = lightZ + 1;
    float length = (float) Math.sqrt(lightX * lightX + lightY * lightY + hz * hz);
    halfX = lightX / length;
    halfY = lightY / length;
    halfZ = hz / length;
    float warmth = (float) light.warmth();
    float exposure = (float) light.exposure();
    float strength = (float) light.strength() * exposure;
    keyRed = strength * (1 + 0.16f * warmth);
    keyGreen = strength * (1 + 0.01f * warmth);
    keyBlue = strength * (1 - 0.24f * warmth);
    ambient = (float) light.ambient() * exposure;
    // The light in head space: where the nose's shadow falls.
    float lx = rotation.xx() * lightX + rotation.yx() * lightY + rotation.zx() * lightZ;
    float ly = rotation.xy() * lightX + rotation.yy() * lightY + rotation.zy() * lightZ;
    float lz = rotation.xz() * lightX + rotation.yz() * lightY + rotation.zz() * lightZ;
    float away = Math.max(0.25f, lz);
    castX = lx / away;
    castY = ly / away;

    IdentityParameters.Skin skin = identity.skin();
    double at = skin.tone() * (TONES.length - 1);
    int low = Math.min(TONES.length - 2, (int) at);
    double t = at - low;
    double under = skin.undertone();
    skinRed = Srgb.linear(TONES[low][0] + (TONES[low + 1][0] - TONES[low][0]) * t + 2 * under);
    skinGreen = Srgb.linear(TONES[low][1] + (TONES[low + 1][1] - TONES[low][1]) * t - 1.8 * under);
    skinBlue = Srgb.linear(TONES[low][2] + (TONES[low + 1][2] - TONES[low][2]) * t + 3.2 * under);
    blush = (float) skin.blush();
    gloss = (float) skin.gloss();
    freckles = (float) skin.freckles();
    skinSeed = skin.seed();
    moles = new float[3 * skin.moles()];
    for (int i = 0; i < skin.moles(); i++) {
      moles[3 * i] = 1.4f * (ValueNoise.unit(ValueNoise.hash(i, 1, skinSeed)) - 0.5f);
      moles[3 * i + 1] = -1.2f + 1.9f * ValueNoise.unit(ValueNoise.hash(i, 2, skinSeed));
      moles[3 * i + 2] = 0.020f + 0.022f * ValueNoise.unit(ValueNoise.hash(i, 3, skinSeed));
    }

    float paint = (float) identity.mouth().redness();
    lipRed = skinRed * (0.80f - 0.05f * paint);
    lipGreen = skinGreen * (0.55f - 0.33f * paint);
    lipBlue = skinBlue * (0.60f - 0.28f * paint);
    EyeColor eye = identity.eyes().color();
    irisRed = Srgb.linear(eye.red);
    irisGreen = Srgb.linear(eye.green);
    irisBlue = Srgb.linear(eye.blue);
    float dark = (float) identity.brows().darkness();
    // Brows grey later than the head, and are never as light as light hair.
    browRed = hair.red * (0.75f - 0.6f * dark);
    browGreen = hair.green * (0.70f - 0.57f * dark);
    browBlue = hair.blue * (0.65f - 0.52f * dark);
    beard = identity.facialHair().style();
    beardDensity = (float) identity.facialHair().density();

    int seed = nuisance.scene().clothesSeed();
    float value = 0.15f + 0.7f * ValueNoise.unit(ValueNoise.hash(seed, 1, 7));
    float chroma = ValueNoise.unit(ValueNoise.hash(seed, 2, 7));
    clothesRed = value * (1 - 0.7f * chroma * ValueNoise.unit(ValueNoise.hash(seed, 3, 7)));
    clothesGreen = value * (1 - 0.7f * chroma * ValueNoise.unit(ValueNoise.hash(seed, 4, 7)));
    clothesBlue = value * (1 - 0.7f * chroma * ValueNoise.unit(ValueNoise.hash(seed, 5, 7)));
  }

  /** Paints one sample of the mesh and leaves its colour in {@code red, green, blue}. */
  void paint(FaceMesh mesh, VisibilityBuffer buffer, int triangle) {
    int a = FaceMesh.CORNERS[3 * triangle];
    int b = FaceMesh.CORNERS[3 * triangle + 1];
    int c = FaceMesh.CORNERS[3 * triangle + 2];
    float wa = buffer.weightA;
    float wb = buffer.weightB;
    float wc = buffer.weightC;
    nx = wa * mesh.normalX[a] + wb * mesh.normalX[b] + wc * mesh.normalX[c];
    ny = wa * mesh.normalY[a] + wb * mesh.normalY[b] + wc * mesh.normalY[c];
    nz = wa * mesh.normalZ[a] + wb * mesh.normalZ[b] + wc * mesh.normalZ[c];
    float p = wa * mesh.p[a] + wb * mesh.p[b] + wc * mesh.p[c];
    float q = wa * mesh.q[a] + wb * mesh.q[b] + wc * mesh.q[c];
    float w = wa * mesh.w[a] + wb * mesh.w[b] + wc * mesh.w[c];
    float square = nx * nx + ny * ny + nz * nz;
    if (square > 1e-12f) {
      float scale = 1 / (float) Math.sqrt(square);
      nx *= scale;
      ny *= scale;
      nz *= scale;
    }
    specular = 0;
    occlusion = 1;
    shadow = 0;
    glint = 0;
    switch (FaceMesh.PART_OF[triangle]) {
      case HEAD -> {
        skin(p, q, w);
        lightSkin();
      }
      case NECK -> {
        bareSkin();
        // The jaw keeps the light from the neck.
        occlusion = 0.35f + 0.65f * FaceShape.smooth(shape.chinY + 0.25f, shape.chinY - 0.75f, q);
        lightSkin();
      }
      case LEFT_EAR, RIGHT_EAR -> {
        bareSkin();
        float radius = p * p + q * q;
        albedoGreen *= 0.90f;
        albedoBlue *= 0.88f;
        occlusion = 0.55f + 0.45f * FaceShape.smooth(0.15f, 0.65f, radius);
        lightSkin();
      }
      case HAIR -> {
        hairStrands(p, q, w);
        lightHair();
      }
      case BUN -> {
        hairStrands(p * 0.6f, 1.2f + q * 0.4f, 1);
        lightHair();
      }
      case FRAME, LEFT_TEMPLE, RIGHT_TEMPLE -> {
        glasses(p, q, w);
        lightSolid();
      }
      case CLOTHES -> {
        albedoRed = clothesRed;
        albedoGreen = clothesGreen;
        albedoBlue = clothesBlue;
        occlusion = 0.55f + 0.45f * FaceShape.smooth(0, 0.12f, w);
        lightSolid();
      }
    }
  }

  private void bareSkin() {
    albedoRed = skinRed;
    albedoGreen = skinGreen;
    albedoBlue = skinBlue;
    specular = 0.04f + 0.08f * gloss;
  }

  private void over(float r, float g, float b, float alpha) {
    albedoRed += (r - albedoRed) * alpha;
    albedoGreen += (g - albedoGreen) * alpha;
    albedoBlue += (b - albedoBlue) * alpha;
  }

  private void darken(float amount) {
    float keep = 1 - amount;
    albedoRed *= keep;
    albedoGreen *= keep * (1 - 0.10f * amount);
    albedoBlue *= keep * (1 - 0.12f * amount);
  }

  private void redden(float amount) {
    albedoRed *= 1 - 0.05f * amount;
    albedoGreen *= 1 - 0.26f * amount;
    albedoBlue *= 1 - 0.24f * amount;
  }

  /**
   * Skin of the head with everything painted on it.
   *
   * @param p frontal position to the right
   * @param q frontal position upwards
   * @param mask how far inside the hair
   */
  private void skin(float p, float q, float mask) {
    bareSkin();
    float ap = Math.abs(p);
    float mottle = ValueNoise.at(p * 7 + 40, q * 7, skinSeed) - 0.5f;
    albedoRed *= 1 + 0.05f * mottle;
    albedoGreen *= 1 + 0.08f * mottle;
    albedoBlue *= 1 + 0.08f * mottle;
    boolean front = facesForward(p, q);
    if (front) {
      float cheek = FaceShape.bump((ap - 0.55f) / 0.36f, (q - shape.eyeY + 0.48f) / 0.32f);
      redden((0.25f + 0.75f * blush) * cheek);
      redden(
          (0.2f + 0.5f * blush) * FaceShape.bump(p / 0.25f, (q - shape.noseBase - 0.12f) / 0.2f));
      if (freckles > 0) {
        freckles(p, q);
      }
      for (int i = 0; i < moles.length; i += 3) {
        float d =
            FaceShape.bump(
                (p - moles[i]) / (moles[i + 2] + soft), (q - moles[i + 1]) / (moles[i + 2] + soft));
        if (d > 0) {
          over(0.09f, 0.05f, 0.035f, Math.min(0.85f, 1.4f * d));
        }
      }
      if (shape.age > 0.02f) {
        wrinkles(p, q, ap);
      }
      noseDetails(p, q, ap);
    }
    if (mask > -0.25f) {
      scalp(p, q, mask);
    }
    if (front) {
      facialHair(p, q, ap);
      if (q > shape.eyeY - 0.45f && q < shape.eyeY + 0.75f && ap < 1) {
        brow(p, q, ap);
        eye(p, q);
      }
      if (q < shape.noseBase + 0.05f && ap < shape.mouthHalfWidth * 1.35f) {
        mouth(p, q);
      }
    }
  }

  /** Whether paint meant for the face can be here; the back of the head shares p and q with it. */
  private boolean facesForward(float p, float q) {
    // The normal in head space: its z component.
    float z = rotation.xz() * nx + rotation.yz() * ny + rotation.zz() * nz;
    return z > -0.15f || (Math.abs(p) < 0.7f && q < 0.4f && z > -0.6f);
  }

  private void freckles(float p, float q) {
    float field = FaceShape.bump(p / 1.0f, (q - shape.eyeY + 0.32f) / 0.42f);
    if (field <= 0) {
      return;
    }
    float sx = p * 15;
    float sy = q * 15;
    int ix = ValueNoise.floor(sx);
    int iy = ValueNoise.floor(sy);
    int h = ValueNoise.hash(ix, iy, skinSeed);
    if (ValueNoise.unit(h) < freckles * 0.85f) {
      float dx = sx - ix - 0.3f - 0.4f * ValueNoise.unit(ValueNoise.hash(h));
      float dy = sy - iy - 0.3f - 0.4f * ValueNoise.unit(ValueNoise.hash(h + 1));
      float spot = FaceShape.bump(dx / 0.36f, dy / 0.36f);
      over(
          skinRed * 0.45f,
          skinGreen * 0.30f,
          skinBlue * 0.22f,
          0.75f * spot * Math.min(1, 2 * field));
    }
  }

  private void wrinkles(float p, float q, float ap) {
    float age = shape.age;
    float forehead = FaceShape.bump(p / 0.75f, (q - shape.browY - 0.42f) / 0.30f);
    if (forehead > 0) {
      float wave = (q + 0.03f * ValueNoise.at(p * 2, 3, skinSeed)) * 9;
      float d = Math.abs(wave - ValueNoise.floor(wave) - 0.5f);
      darken(0.35f * age * forehead * FaceShape.smooth(0.30f, 0.05f, d));
    }
    // From the nose's wings past the corners of the mouth.
    float t = (shape.noseBase + 0.12f - q) / 0.55f;
    if (t > 0 && t < 1) {
      float line = shape.noseHalfWidth + 0.02f + 0.24f * t * (1.35f - 0.6f * t);
      float d = ap - line;
      darken(0.40f * age * FaceShape.smooth(0.07f, 0, Math.abs(d)) * (1 - t) * Math.min(1, 5 * t));
    }
    float crow =
        FaceShape.bump(
            (ap - shape.eyeX - shape.eyeHalfWidth - 0.13f) / 0.13f, (q - shape.eyeY) / 0.16f);
    if (crow > 0) {
      float wave = (q - shape.eyeY) * (1.2f - ap) * 45;
      float d = Math.abs(wave - ValueNoise.floor(wave) - 0.5f);
      darken(0.35f * age * crow * FaceShape.smooth(0.35f, 0.05f, d));
    }
  }

  private void noseDetails(float p, float q, float ap) {
    float dq = q - shape.noseBase;
    if (dq > 0.35f || dq < -0.3f || ap > 0.6f) {
      castShadow(p, q, ap);
      return;
    }
    // The crease around the wing.
    float cx = (ap - shape.noseHalfWidth * 0.74f) / (shape.noseHalfWidth * 0.50f);
    float cy = (dq - 0.085f) / 0.135f;
    float ring = cx * cx + cy * cy;
    if (ring > 0.6f && ring < 1.7f && cx > -0.3f) {
      darken(0.18f * FaceShape.bump(0, (ring - 1.1f) / 0.5f));
    }
    float nostril =
        FaceShape.bump(
            (ap - shape.noseHalfWidth * 0.46f) / (0.065f + soft), (dq - 0.005f) / (0.030f + soft));
    if (nostril > 0) {
      over(0.035f, 0.015f, 0.012f, Math.min(0.75f, 1.2f * nostril));
    }
    // The underside is always darker, and the philtrum has two soft ridges.
    occlusion *= 1 - 0.18f * FaceShape.bump(p / (shape.noseHalfWidth * 1.2f), (dq + 0.03f) / 0.11f);
    occlusion *=
        1 - 0.12f * FaceShape.bump(p / 0.06f, (q - (shape.noseBase + shape.mouthY) * 0.5f) / 0.14f);
    castShadow(p, q, ap);
  }

  /** Two looks along the light: is the nose in the way? */
  private void castShadow(float p, float q, float ap) {
    if (ap > 0.75f || q > shape.noseTop || q < shape.noseBase - 0.35f) {
      return;
    }
    float here = shape.nose(p, q);
    if (here > 0.25f) {
      return;
    }
    float near = shape.nose(p + castX * 0.10f, q + castY * 0.10f) - here - 0.10f;
    float far = shape.nose(p + castX * 0.22f, q + castY * 0.22f) - here - 0.22f;
    float blocked = Math.max(near, far);
    if (blocked > -0.02f) {
      shadow = FaceShape.smooth(-0.02f, 0.08f, blocked);
    }
  }

  private void scalp(float p, float q, float mask) {
    if (hair.style == HairStyle.BALD) {
      return;
    }
    // Hair throws a soft shadow on the skin beside it.
    if (hair.style != HairStyle.BUZZ && mask < 0) {
      occlusion *= 1 - 0.35f * FaceShape.smooth(-0.22f, 0, mask);
    }
    float alpha = FaceShape.smooth(0.02f, 0.16f, mask);
    if (hair.style == HairStyle.BUZZ) {
      alpha *= 0.75f + 0.25f * ValueNoise.at(p * 40, q * 40, hair.seed);
    }
    // The roots under longer hair lie in its shadow.
    float root = hair.style == HairStyle.BUZZ ? 1 : 0.55f;
    over(root * hair.red, root * hair.green, root * hair.blue, 0.9f * alpha);
  }

  private void facialHair(float p, float q, float ap) {
    if (beard == FacialHairStyle.NONE || q > shape.eyeY + 0.05f) {
      return;
    }
    float my = shape.mouthY;
    float m = shape.mouthHalfWidth;
    float cover = 0;
    float lipTop = shape.mouthLine(p) + shape.lipUp;
    float between = FaceShape.smooth(shape.noseBase - 0.01f, shape.noseBase - 0.07f, q);
    float droop = lipTop + 0.10f - 0.17f * (ap / m) * (ap / m);
    float moustache =
        FaceShape.smooth(m * 1.22f, m * 0.95f, ap)
            * FaceShape.smooth(0.11f, 0.05f, Math.abs(q - droop))
            * between;
    if (beard == FacialHairStyle.MOUSTACHE || beard == FacialHairStyle.GOATEE) {
      cover = moustache;
    }
    if (beard == FacialHairStyle.GOATEE) {
      float chin = FaceShape.smooth(0.40f, 0.30f, ap) * FaceShape.smooth(my - 0.12f, my - 0.22f, q);
      float sides =
          FaceShape.smooth(0.10f, 0.04f, Math.abs(ap - m * 0.98f))
              * FaceShape.smooth(my + 0.10f, my, q);
      cover = Math.max(cover, Math.max(chin, sides));
    }
    if (beard == FacialHairStyle.BEARD || beard == FacialHairStyle.STUBBLE) {
      float line = my + 0.16f + 1.0f * Math.max(0, ap - 0.40f);
      float jaw = FaceShape.smooth(line + 0.05f, line - 0.10f, q) * (ap < 0.4f ? between : 1);
      cover = Math.max(moustache, jaw);
    }
    if (cover <= 0) {
      return;
    }
    float strand = ValueNoise.at(p * 30, q * 9, hair.seed);
    float alpha =
        beard == FacialHairStyle.STUBBLE
            ? (0.22f + 0.22f * beardDensity) * (0.85f + 0.3f * strand)
            : Math.min(1, (0.75f + 0.25f * beardDensity) * (0.80f + 0.45f * strand));
    float tint = 0.55f + 0.6f * strand;
    over(
        hair.red * tint * 0.85f,
        hair.green * tint * 0.8f,
        hair.blue * tint * 0.75f,
        Math.min(1, alpha * cover));
    specular *= 1 - cover;
  }

  private void brow(float p, float q, float ap) {
    float t = (ap - shape.browInnerX) / (shape.browOuterX - shape.browInnerX);
    if (shape.browSqueeze > 0) {
      // Folds between the brows.
      float fold = FaceShape.bump((ap - 0.075f) / 0.04f, (q - shape.browY + 0.02f) / 0.14f);
      darken(0.35f * shape.browSqueeze * fold);
    }
    if (t < -0.15f || t > 1.1f) {
      return;
    }
    float mid = (t - 0.62f) / 0.62f;
    float line =
        shape.browY
            + shape.browSlope * (t - 0.5f)
            + shape.browArch * (1 - mid * mid)
            + shape.browInnerLift * (1 - t) * (1 - t)
            + shape.browOuterLift * t * t;
    float tc = Math.max(0, Math.min(1, t));
    float taper = tc < 0.2f ? 0.75f + 1.25f * tc : 1 - 0.75f * (tc - 0.2f) * (tc - 0.2f) / 0.64f;
    float half = shape.browThickness * taper;
    float edge = soft + 0.012f;
    float cover =
        FaceShape.smooth(half + edge, half - edge, Math.abs(q - line))
            * FaceShape.smooth(-0.12f, 0.08f, t)
            * FaceShape.smooth(1.06f, 0.92f, t);
    if (cover > 0) {
      float strand = ValueNoise.at(ap * 34 - q * 22, q * 16, hair.seed + (p < 0 ? 1 : 2));
      over(browRed, browGreen, browBlue, cover * (0.70f + 0.28f * strand));
      specular *= 1 - cover;
    }
  }

  private void eye(float p, float q) {
    float side = p < 0 ? -1 : 1;
    float ex = p * side - shape.eyeX;
    float w = shape.eyeHalfWidth;
    float u = ex / w;
    if (u < -1.7f || u > 1.7f) {
      return;
    }
    float ey = q - shape.eyeY - ex * shape.eyeSlant;
    float e = Math.max(0, 1 - u * u);
    float upper = shape.eyeUp * e * (1.32f - 0.32f * e) * (1 - 0.14f * u);
    float lower = -shape.eyeDown * e * (1.25f - 0.25f * e) * (1 + 0.2f * u);
    // The socket is darker towards the nose, under the brow and, with age, below.
    occlusion *= 1 - 0.26f * FaceShape.bump((u + 0.75f) / 0.9f, (ey - 0.10f) / 0.2f);
    float bag = ey - lower + 0.085f;
    darken(
        (0.10f + 0.30f * shape.age)
            * FaceShape.smooth(0.065f, 0, Math.abs(bag))
            * FaceShape.bump(0, u / 1.15f));
    float crease = upper + shape.lidGap * (0.45f + 0.55f * e);
    if (u > -1.1f && u < 1.2f) {
      float fade = FaceShape.bump(0, (u - 0.05f) / 1.25f);
      darken(0.50f * fade * FaceShape.smooth(0.014f + soft, 0, Math.abs(ey - crease)));
      if (ey < crease && ey > upper) {
        darken(0.13f * fade);
      }
    }
    float inside = Math.min(upper - ey, ey - lower);
    if (e > 0 && inside > -soft) {
      float cover = FaceShape.smooth(-soft * 0.6f, soft * 0.6f, inside);
      eyeball(side, ex, ey, u, upper, cover);
    }
    // The lashes are the darkest line of a face.
    float thickness = 0.012f + 0.020f * shape.lash;
    float lashU = Math.min(1.10f, Math.max(-1.0f, u));
    float lashLine = upper + 0.004f + (lashU > 0.9f ? 0.06f * (lashU - 0.9f) : 0);
    float lash =
        FaceShape.smooth(thickness + soft, thickness * 0.4f, Math.abs(ey - lashLine))
            * FaceShape.smooth(-1.08f, -0.75f, u)
            * FaceShape.smooth(1.22f, 0.98f, u);
    if (lash > 0) {
      over(0.018f, 0.013f, 0.011f, lash * (0.60f + 0.38f * shape.lash));
      specular *= 1 - lash;
    }
    float under =
        FaceShape.smooth(0.010f + soft, 0, Math.abs(ey - lower + 0.004f))
            * FaceShape.smooth(1.0f, 0.8f, Math.abs(u));
    darken(0.38f * under);
  }

  private void eyeball(float side, float ex, float ey, float u, float upper, float cover) {
    float gx = ex - shape.gazeX * side;
    float gy = ey - shape.gazeY;
    float r = (float) Math.sqrt(gx * gx + gy * gy);
    float corner = u * u * u * u;
    float r0 = 0.78f - 0.28f * corner;
    float g0 = 0.74f - 0.36f * corner;
    float b0 = 0.71f - 0.36f * corner;
    float radius = shape.irisRadius;
    float iris = FaceShape.smooth(radius + soft * 0.7f, radius - soft * 0.7f, r);
    if (iris > 0) {
      float ring = FaceShape.smooth(radius * 0.72f, radius, r);
      float rays = 0.8f + 0.4f * FaceShape.smooth(radius * 0.35f, radius * 0.75f, r);
      float shade = rays * (1 - 0.65f * ring) * (1 - 1.6f * Math.max(-0.05f, Math.min(0.3f, gy)));
      r0 += (irisRed * shade - r0) * iris;
      g0 += (irisGreen * shade - g0) * iris;
      b0 += (irisBlue * shade - b0) * iris;
      float pupil = FaceShape.smooth(radius * 0.44f + soft * 0.6f, radius * 0.44f - soft * 0.6f, r);
      r0 += (0.006f - r0) * pupil;
      g0 += (0.006f - g0) * pupil;
      b0 += (0.007f - b0) * pupil;
    }
    // The upper lid's shadow.
    float lid = 0.45f + 0.55f * FaceShape.smooth(0, 0.075f, upper - ey);
    over(r0 * lid, g0 * lid, b0 * lid, cover);
    specular = specular * (1 - cover) + 0.1f * cover;
    // A ball, not the skin around it.
    float bx = Math.max(-0.7f, Math.min(0.7f, ex * side * 2.6f));
    float by = Math.max(-0.5f, Math.min(0.5f, ey * 2.6f));
    float bz = (float) Math.sqrt(1 - bx * bx - by * by);
    nx += (rotation.x(bx, by, bz) - nx) * cover;
    ny += (rotation.y(bx, by, bz) - ny) * cover;
    nz += (rotation.z(bx, by, bz) - nz) * cover;
    float hx = gx * side - 0.035f * (lightX > 0 ? 1 : -1) - 0.03f * lightX;
    float hy = gy - 0.035f;
    float spark = FaceShape.bump(hx / (0.030f + soft * 0.6f), hy / (0.030f + soft * 0.6f));
    glint = 0.75f * spark * cover;
  }

  private void mouth(float p, float q) {
    float x = p / shape.mouthHalfWidth;
    float e = 1 - x * x;
    float line = shape.mouthLine(p);
    float corner = FaceShape.bump((Math.abs(x) - 1.02f) / 0.20f, (q - line) / 0.08f);
    darken(0.38f * corner);
    if (e <= 0) {
      return;
    }
    float gap = shape.mouthGap * e * (1.4f - 0.4f * e);
    float upperEdge = line + 0.30f * gap;
    float lowerEdge = line - 0.70f * gap;
    float bow = 1 - shape.cupidsBow * FaceShape.bump(0, p / 0.15f);
    float top = upperEdge + shape.lipUp * e * (1.30f - 0.30f * e) * bow;
    float bottom = lowerEdge - shape.lipDown * e * (1.45f - 0.45f * e);
    float edge = soft + 0.010f;
    float lips =
        Math.min(FaceShape.smooth(edge, -edge, q - top), FaceShape.smooth(edge, -edge, bottom - q));
    // Below the lower lip.
    occlusion *= 1 - 0.22f * FaceShape.bump(p / 0.28f, (q - bottom + 0.045f) / 0.06f);
    if (lips <= 0) {
      return;
    }
    boolean isUpper = q > 0.5f * (upperEdge + lowerEdge);
    float shade = isUpper ? 0.80f : 1;
    float lines = 0.92f + 0.16f * ValueNoise.at(p * 30, 1, skinSeed);
    over(lipRed * shade * lines, lipGreen * shade * lines, lipBlue * shade * lines, 0.92f * lips);
    specular = 0.05f + 0.16f * lips * (isUpper ? 0.3f : 1);
    // From the lips' inner edges inwards.
    float open = Math.min(upperEdge - q, q - lowerEdge);
    float seam = 0.008f + 0.5f * soft;
    if (gap > 0.01f && open > -seam) {
      float cover = FaceShape.smooth(-seam, seam, open);
      float teethBottom = upperEdge - Math.min(0.115f, 0.75f * gap + 0.01f);
      float teeth =
          FaceShape.smooth(-seam, seam, q - teethBottom)
              * FaceShape.smooth(0.93f, 0.78f, Math.abs(x));
      float dark = 0.5f + 0.5f * FaceShape.smooth(0, 0.05f, upperEdge - q);
      float arch = 1 - 0.45f * x * x;
      over(
          0.05f + (0.72f * dark * arch - 0.05f) * teeth,
          0.015f + (0.68f * dark * arch - 0.015f) * teeth,
          0.015f + (0.60f * dark * arch - 0.015f) * teeth,
          cover);
      specular *= 1 - 0.7f * cover;
    } else {
      float d = Math.abs(q - line);
      over(0.07f * lipRed, 0.04f, 0.035f, 0.80f * FaceShape.smooth(seam + 0.012f, 0, d));
    }
  }

  private void hairStrands(float azimuth, float q, float mask) {
    float strand;
    if (hair.curl > 0.3f) {
      float coil = ValueNoise.at(azimuth * 9, q * 9, hair.seed);
      float fine = ValueNoise.at(azimuth * 24, q * 20, hair.seed + 9);
      strand = 0.65f * coil + 0.35f * fine;
    } else {
      float flow = azimuth + 0.35f * hair.side * (float) hair.style.slant * q;
      float coarse = ValueNoise.at(flow * 14, q * 1.3f, hair.seed);
      float fine = ValueNoise.at(flow * 46, q * 2.6f, hair.seed + 9);
      strand = 0.5f * coarse + 0.5f * fine;
    }
    float tint = 0.45f + 1.05f * strand;
    albedoRed = hair.red * tint;
    albedoGreen = hair.green * tint;
    albedoBlue = hair.blue * tint;
    specular = 0.05f + 0.20f * strand * (1 - 0.7f * hair.curl);
    float bend = (strand - 0.5f) * (0.5f + 0.9f * hair.curl);
    nx += bend;
    // Shadow between hair and skin, and inside long hair.
    occlusion = 0.62f + 0.38f * FaceShape.smooth(-0.02f, 0.22f, mask);
    if (nz < 0) {
      nx = -nx;
      ny = -ny;
      nz = -nz;
      occlusion *= 0.35f;
      specular = 0;
    }
  }

  private void glasses(float p, float q, float w) {
    albedoRed = frame.red;
    albedoGreen = frame.green;
    albedoBlue = frame.blue;
    specular = 0.35f;
    if (w < 0.5f && frame.dark && frame.lens(p, q) < -0.02f) {
      float fade = 0.5f + 0.5f * FaceShape.smooth(-0.2f, 0.25f, q);
      albedoRed = 0.03f / fade;
      albedoGreen = 0.025f / fade;
      albedoBlue = 0.025f / fade;
      specular = 0.05f;
    }
    if (nz < 0) {
      nx = -nx;
      ny = -ny;
      nz = -nz;
    }
  }

  /** Light on skin: red light travels furthest below the surface, so shadows have a red edge. */
  private void lightSkin() {
    float dot = nx * lightX + ny * lightY + nz * lightZ;
    float lit = 1 - 0.55f * shadow;
    float wrapRed = wrap(dot, 0.40f) * lit;
    float wrapGreen = wrap(dot, 0.24f) * lit;
    float wrapBlue = wrap(dot, 0.18f) * lit;
    float sky = ambient * occlusion * (0.80f + 0.20f * ny);
    float direct = 0.35f + 0.65f * occlusion;
    float shine = shine(24) * specular * lit * occlusion;
    red = albedoRed * (keyRed * wrapRed * direct + sky) + shine * keyRed;
    green = albedoGreen * (keyGreen * wrapGreen * direct + sky) + shine * keyGreen;
    blue = albedoBlue * (keyBlue * wrapBlue * direct + sky) + shine * keyBlue;
    red += glint * keyRed;
    green += glint * keyGreen;
    blue += glint * keyBlue;
  }

  private void lightHair() {
    float dot = nx * lightX + ny * lightY + nz * lightZ;
    float diffuse = wrap(dot, 0.35f) * occlusion;
    float sky = ambient * occlusion * (0.75f + 0.25f * ny);
    float shine = shine(12) * specular * occlusion;
    red = albedoRed * (keyRed * diffuse + sky) + shine * keyRed * (0.25f + hair.red);
    green = albedoGreen * (keyGreen * diffuse + sky) + shine * keyGreen * (0.25f + hair.green);
    blue = albedoBlue * (keyBlue * diffuse + sky) + shine * keyBlue * (0.25f + hair.blue);
  }

  private void lightSolid() {
    float dot = Math.max(0, nx * lightX + ny * lightY + nz * lightZ) * (0.3f + 0.7f * occlusion);
    float sky = ambient * occlusion * (0.75f + 0.25f * ny);
    float shine = shine(30) * specular;
    red = albedoRed * (keyRed * dot + sky) + shine * keyRed;
    green = albedoGreen * (keyGreen * dot + sky) + shine * keyGreen;
    blue = albedoBlue * (keyBlue * dot + sky) + shine * keyBlue;
  }

  private static float wrap(float dot, float amount) {
    float d = (dot + amount) / (1 + amount);
    return d > 0 ? d * (0.4f + 0.6f * d) : 0;
  }

  /** Blinn's highlight with a power of about {@code sharpness}, without {@code pow}. */
  private float shine(int sharpness) {
    float dot = nx * halfX + ny * halfY + nz * halfZ;
    if (dot <= 0) {
      return 0;
    }
    // A bent normal may be longer than one, and the fraction has a pole beyond it.
    dot = Math.min(1, dot);
    // Schlick's approximation of dot^n.
    return dot / (sharpness - sharpness * dot + dot);
  }
}
