package org.mien.data.source.synthetic;

import java.util.EnumSet;
import java.util.Set;

/**
 * The triangles of one head with hair, neck, clothes and glasses.
 *
 * <p>All parts are rectangular grids of vertices in common arrays. Which vertices a triangle has is
 * the same for every face and shared; which parts are present differs.
 */
final class FaceMesh {
  /** The parts; order is the order in which they are drawn, front to back to save work. */
  enum Part {
    HEAD(null, 63, 60, false),
    HAIR(HEAD, 61, 34, true),
    LEFT_EAR(HAIR, 13, 9, false),
    RIGHT_EAR(LEFT_EAR, 13, 9, false),
    BUN(RIGHT_EAR, 17, 11, false),
    FRAME(BUN, 33, 9, true),
    LEFT_TEMPLE(FRAME, 4, 2, true),
    RIGHT_TEMPLE(LEFT_TEMPLE, 4, 2, true),
    NECK(RIGHT_TEMPLE, 29, 9, false),
    CLOTHES(NECK, 33, 12, false);

    final int columns;
    final int rows;
    final boolean twoSided;
    final int firstVertex;
    final int firstTriangle;

    Part(Part before, int columns, int rows, boolean twoSided) {
      this.columns = columns;
      this.rows = rows;
      this.twoSided = twoSided;
      firstVertex = before == null ? 0 : before.firstVertex + before.vertices();
      firstTriangle = before == null ? 0 : before.firstTriangle + before.triangles();
    }

    int triangles() {
      return 2 * (columns - 1) * (rows - 1);
    }

    int vertices() {
      return columns * rows;
    }
  }

  static final int VERTEX_COUNT = Part.CLOTHES.firstVertex + Part.CLOTHES.vertices();
  static final int TRIANGLE_COUNT = Part.CLOTHES.firstTriangle + Part.CLOTHES.triangles();

  /** Three vertices a triangle. */
  static final int[] CORNERS = new int[3 * TRIANGLE_COUNT];

  /** The part of each triangle. */
  static final Part[] PART_OF = new Part[TRIANGLE_COUNT];

  static {
    int at = 0;
    int triangle = 0;
    for (Part part : Part.values()) {
      for (int row = 0; row < part.rows - 1; row++) {
        for (int column = 0; column < part.columns - 1; column++) {
          int corner = part.firstVertex + row * part.columns + column;
          CORNERS[at++] = corner;
          CORNERS[at++] = corner + 1;
          CORNERS[at++] = corner + part.columns;
          CORNERS[at++] = corner + 1;
          CORNERS[at++] = corner + part.columns + 1;
          CORNERS[at++] = corner + part.columns;
          PART_OF[triangle++] = part;
          PART_OF[triangle++] = part;
        }
      }
    }
  }

  private static final int FRONT_COLUMNS = 51;
  private static final float[] HEAD_SIN = new float[Part.HEAD.columns];
  private static final float[] HEAD_COS = new float[Part.HEAD.columns];
  private static final float[] HEAD_AZIMUTH = new float[Part.HEAD.columns];
  private static final float[] HAIR_SIN = new float[Part.HAIR.columns];
  private static final float[] HAIR_COS = new float[Part.HAIR.columns];
  private static final float[] HAIR_AZIMUTH = new float[Part.HAIR.columns];

  /** Steps between neighbouring slices of {@link FaceShape}, finest around eyes, nose and mouth. */
  private static final int[] HEAD_STEPS = {1, 2, 3, 4, 7, 8, 8, 7, 6, 4, 2, 2, 2, 2, 1};

  private static final int[] HEAD_SLICE = new int[Part.HEAD.rows];
  private static final float[] HEAD_FRACTION = new float[Part.HEAD.rows];

  static {
    double most = StrictMath.toRadians(100);
    for (int i = 0; i < Part.HEAD.columns; i++) {
      // The front columns lie densest at the nose, the others spread over the back.
      int half = (FRONT_COLUMNS - 1) / 2;
      int from = i - (Part.HEAD.columns - 1) / 2;
      double azimuth;
      if (Math.abs(from) <= half) {
        double u = (double) from / half;
        azimuth = most * (0.55 * u + 0.45 * u * u * u);
      } else {
        double rest = (double) (Math.abs(from) - half) / ((Part.HEAD.columns - 1) / 2 - half);
        azimuth = Math.signum(from) * (most + (StrictMath.PI - most) * rest);
      }
      HEAD_AZIMUTH[i] = (float) azimuth;
      HEAD_SIN[i] = (float) StrictMath.sin(azimuth);
      HEAD_COS[i] = (float) StrictMath.cos(azimuth);
    }
    for (int i = 0; i < Part.HAIR.columns; i++) {
      double azimuth = -StrictMath.PI + 2 * StrictMath.PI * i / (Part.HAIR.columns - 1);
      HAIR_AZIMUTH[i] = (float) azimuth;
      HAIR_SIN[i] = (float) StrictMath.sin(azimuth);
      HAIR_COS[i] = (float) StrictMath.cos(azimuth);
    }
    int row = 0;
    for (int slice = 0; slice < HEAD_STEPS.length; slice++) {
      for (int step = 0; step < HEAD_STEPS[slice]; step++) {
        HEAD_SLICE[row] = slice;
        HEAD_FRACTION[row] = (float) step / HEAD_STEPS[slice];
        row++;
      }
    }
    HEAD_SLICE[row] = HEAD_STEPS.length - 1;
    HEAD_FRACTION[row] = 1;
    if (row != Part.HEAD.rows - 1) {
      throw new AssertionError("the head has " + (row + 1) + " rows, not " + Part.HEAD.rows);
    }
  }

  final float[] x = new float[VERTEX_COUNT];
  final float[] y = new float[VERTEX_COUNT];
  final float[] z = new float[VERTEX_COUNT];
  final float[] normalX = new float[VERTEX_COUNT];
  final float[] normalY = new float[VERTEX_COUNT];
  final float[] normalZ = new float[VERTEX_COUNT];

  /** Surface coordinates for the painters; what they mean depends on the part. */
  final float[] p = new float[VERTEX_COUNT];

  final float[] q = new float[VERTEX_COUNT];
  final float[] w = new float[VERTEX_COUNT];
  final Set<Part> present = EnumSet.noneOf(Part.class);

  private final FaceShape shape;
  private final HairShape hair;

  FaceMesh(IdentityParameters identity, NuisanceParameters nuisance, FaceShape shape) {
    this.shape = shape;
    this.hair = new HairShape(identity, shape);
    head();
    if (hair.style != HairStyle.BALD) {
      hair();
    }
    if (hair.style == HairStyle.BUN) {
      sphere(Part.BUN, 0, 1.58f, -0.30f, 0.40f, 0.34f, 0.36f);
    }
    // Long hair falls over the ears; without this they would stick through it.
    if (hair.style.sideEnd > -0.6) {
      ear(Part.LEFT_EAR, -1, identity.ears());
      ear(Part.RIGHT_EAR, 1, identity.ears());
    }
    boolean worn = nuisance.face().glassesOn() && identity.glasses().style() != GlassesStyle.NONE;
    if (worn || nuisance.face().sunglasses()) {
      glasses();
    }
    neck();
    clothes();
  }

  /**
   * Returns the depth of the face at a frontal position, as the vertex nearest to it has it; call
   * it before the view is applied.
   */
  float frontDepth(float atP, float atQ) {
    float nearest = Float.MAX_VALUE;
    float depth = 0;
    for (int i = 0; i < Part.HEAD.vertices(); i++) {
      float dp = p[i] - atP;
      float dq = q[i] - atQ;
      float distance = dp * dp + dq * dq;
      if (z[i] > 0 && distance < nearest) {
        nearest = distance;
        depth = z[i];
      }
    }
    return depth;
  }

  HairShape hairShape() {
    return hair;
  }

  /** Catmull-Rom through the slices; the curve runs on through both poles without a kink. */
  private static float spline(double[] values, int slice, float t, boolean odd) {
    int last = values.length - 1;
    double b = values[slice];
    double c = values[slice + 1];
    double a = slice > 0 ? values[slice - 1] : odd ? -c : c;
    double d = slice + 2 <= last ? values[slice + 2] : odd ? -b : b;
    return (float)
        (b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))));
  }

  private void head() {
    Part part = Part.HEAD;
    float jawDrop = shape.jawDrop;
    for (int row = 0; row < part.rows; row++) {
      int slice = HEAD_SLICE[row];
      float t = HEAD_FRACTION[row];
      float sliceY = spline(shape.sliceY, slice, t, false);
      float width = spline(shape.sliceWidth, slice, t, true);
      float front = spline(shape.sliceFront, slice, t, false);
      float back = spline(shape.sliceBack, slice, t, false);
      float square = spline(shape.sliceSquareness, slice, t, false);
      float tilt = spline(shape.sliceTilt, slice, t, false);
      float axis = Math.max(back, Math.min(front, slice < 3 ? 0.2f - 0.08f * (slice + t) : -0.05f));
      if (slice == 0) {
        axis = back + (front - back) * 0.4f;
      }
      for (int column = 0; column < part.columns; column++) {
        int i = part.firstVertex + row * part.columns + column;
        float sin = HEAD_SIN[column];
        float cos = HEAD_COS[column];
        float px = width * sin * (cos > 0 ? 1 + square * cos * cos : 1);
        float pz = cos > 0 ? axis + (front - axis) * cos : axis + (axis - back) * cos;
        float py = sliceY + tilt * (front - Math.max(-0.1f, pz));
        if (jawDrop != 0 && py < shape.mouthY) {
          py -= jawDrop * FaceShape.smooth(0, shape.mouthY - shape.chinY, shape.mouthY - py);
        }
        float relief = cos > 0 ? shape.relief(px, py) * FaceShape.smooth(0.05f, 0.45f, cos) : 0;
        if (shape.beardPuff > 0 && cos > -0.1f) {
          float puff =
              shape.beardPuff
                  * FaceShape.smooth(shape.mouthY + 0.15f, shape.mouthY - 0.35f, py)
                  * FaceShape.smooth(-0.1f, 0.25f, cos);
          px *= 1 + 0.7f * puff;
          py -= puff * FaceShape.smooth(shape.mouthY - 0.2f, shape.chinY, py);
          relief += puff;
        }
        x[i] = px;
        y[i] = py;
        z[i] = pz + relief;
        p[i] = px;
        q[i] = py;
        w[i] = hair.mask(HEAD_AZIMUTH[column], py);
      }
    }
    normals(part, false);
    present.add(part);
  }

  private void hair() {
    Part part = Part.HAIR;
    HairStyle style = hair.style;
    int topRows = 18;
    float eyeSliceY = (float) shape.sliceY[8];
    int top = FaceShape.SLICE_COUNT - 1;
    for (int row = 0; row < part.rows; row++) {
      float sliceY;
      float width;
      float front;
      float back;
      float square;
      float below = 0;
      if (row < topRows) {
        // From the crown (slice 15) down to the eyes (slice 8).
        float at = top - (top - 8) * (float) row / (topRows - 1);
        int slice = Math.min(top - 1, (int) at);
        float t = at - slice;
        sliceY = spline(shape.sliceY, slice, t, false);
        width = spline(shape.sliceWidth, slice, t, true);
        front = spline(shape.sliceFront, slice, t, false);
        back = spline(shape.sliceBack, slice, t, false);
        square = spline(shape.sliceSquareness, slice, t, false);
      } else {
        float t = (float) (row - topRows + 1) / (part.rows - topRows);
        below = t;
        sliceY = eyeSliceY + (hair.hem - eyeSliceY) * t;
        float drop = eyeSliceY - sliceY;
        float follow = (float) (1 - style.hang);
        width = (float) shape.sliceWidth[8] * (1 - follow * 0.16f * drop * drop);
        front = (float) shape.sliceFront[8] * (1 - 0.30f * Math.min(1, drop));
        back = (float) shape.sliceBack[8] * (1 - follow * 0.55f * Math.min(1, drop * drop));
        square = 0.2f;
      }
      for (int column = 0; column < part.columns; column++) {
        int i = part.firstVertex + row * part.columns + column;
        float azimuth = HAIR_AZIMUTH[column];
        float sin = HAIR_SIN[column];
        float cos = HAIR_COS[column];
        float axis = Math.max(back, Math.min(front, -0.05f));
        float thickness = hair.thickness(azimuth, sliceY, sin, cos, below);
        float outX = width * sin * (cos > 0 ? 1 + square * cos * cos : 1);
        float outZ = cos > 0 ? (front - axis) * cos : (axis - back) * cos;
        // Up at the crown, outwards below it.
        float up = FaceShape.smooth(0.35f, 1.55f, sliceY);
        float across = (float) Math.sqrt(Math.max(0, 1 - up * up));
        float scale = thickness * across / Math.max(0.5f, width);
        x[i] = outX * (1 + scale);
        z[i] = axis + outZ * (1 + scale);
        y[i] = sliceY + thickness * up;
        p[i] = azimuth;
        q[i] = sliceY;
        w[i] = hair.mask(azimuth, sliceY);
      }
    }
    normals(part, true);
    present.add(part);
  }

  private void sphere(Part part, float cx, float cy, float cz, float rx, float ry, float rz) {
    for (int row = 0; row < part.rows; row++) {
      double latitude = -StrictMath.PI / 2 + StrictMath.PI * row / (part.rows - 1);
      float ring = (float) StrictMath.cos(latitude);
      float up = (float) StrictMath.sin(latitude);
      for (int column = 0; column < part.columns; column++) {
        int i = part.firstVertex + row * part.columns + column;
        double azimuth = -StrictMath.PI + 2 * StrictMath.PI * column / (part.columns - 1);
        float sx = ring * (float) StrictMath.sin(azimuth);
        float sz = ring * (float) StrictMath.cos(azimuth);
        x[i] = cx + rx * sx;
        y[i] = cy + ry * up;
        z[i] = cz + rz * sz;
        normalX[i] = sx;
        normalY[i] = up;
        normalZ[i] = sz;
        p[i] = (float) azimuth;
        q[i] = up;
        w[i] = 1;
      }
    }
    present.add(part);
  }

  /** A shallow bowl with a rim; p and q are the position inside it in [-1, 1]. */
  private void ear(Part part, int side, IdentityParameters.Ears ears) {
    float size = (float) (1 + 0.09 * ears.size());
    float stand = (float) (0.38 + 0.13 * ears.stand());
    float baseX = (float) shape.sliceWidth[7] - 0.03f;
    for (int row = 0; row < part.rows; row++) {
      float radius = (float) row / (part.rows - 1);
      for (int column = 0; column < part.columns; column++) {
        int i = part.firstVertex + row * part.columns + column;
        // Against each other left and right, so that the outside faces out on both.
        double angle = -side * 2 * StrictMath.PI * column / (part.columns - 1);
        float u = (float) StrictMath.cos(angle) * radius;
        float v = (float) StrictMath.sin(angle) * radius;
        // Narrower at the lobe; u points backwards from the head.
        float across = 0.19f * size * u * (1 + 0.25f * v);
        float along = 0.33f * size * v;
        float rim = radius > 0.6f ? 0.06f * FaceShape.bump(0, (radius - 0.85f) / 0.25f) : 0;
        float bowl = 0.05f * radius * radius + rim - (radius > 0.95f ? 0.10f : 0);
        float back = across + 0.12f;
        x[i] = side * (baseX + bowl + back * stand);
        y[i] = shape.eyeY - 0.16f + along;
        z[i] = -0.12f - back + 0.10f * v;
        p[i] = u;
        q[i] = v;
        w[i] = 0;
      }
    }
    normals(part, false);
    present.add(part);
  }

  private void glasses() {
    Part part = Part.FRAME;
    float front = (float) shape.sliceFront[8] + shape.bridgeHeight + 0.10f;
    float halfWidth = shape.eyeX + 0.46f;
    float half = 0.40f;
    for (int row = 0; row < part.rows; row++) {
      for (int column = 0; column < part.columns; column++) {
        int i = part.firstVertex + row * part.columns + column;
        float u = 2f * column / (part.columns - 1) - 1;
        float v = 2f * row / (part.rows - 1) - 1;
        x[i] = u * halfWidth;
        y[i] = shape.eyeY - 0.02f + v * half;
        z[i] = front - 0.22f * u * u - 0.04f * v;
        normalX[i] = 0.35f * u;
        normalY[i] = 0.1f + 0.2f * v;
        normalZ[i] = 0.9f;
        p[i] = x[i];
        q[i] = y[i];
        w[i] = 0;
      }
    }
    present.add(part);
    temple(Part.LEFT_TEMPLE, -1, halfWidth, front - 0.22f);
    temple(Part.RIGHT_TEMPLE, 1, halfWidth, front - 0.22f);
  }

  private void temple(Part part, int side, float halfWidth, float front) {
    float ear = (float) shape.sliceWidth[8] + 0.02f;
    for (int row = 0; row < part.rows; row++) {
      for (int column = 0; column < part.columns; column++) {
        int i = part.firstVertex + row * part.columns + column;
        float t = (float) column / (part.columns - 1);
        x[i] = side * (halfWidth - 0.02f + (ear - halfWidth + 0.02f) * t);
        y[i] = shape.eyeY + 0.12f + (row == 0 ? -0.03f : 0.03f) - 0.04f * t;
        z[i] = front + (-0.2f - front) * t;
        normalX[i] = side;
        normalY[i] = 0.2f;
        normalZ[i] = 0.2f;
        p[i] = t;
        q[i] = row;
        w[i] = 1;
      }
    }
    present.add(part);
  }

  private void neck() {
    Part part = Part.NECK;
    for (int row = 0; row < part.rows; row++) {
      float t = (float) row / (part.rows - 1);
      float height = -2.35f + 1.65f * t;
      float flare = 0.30f * (1 - t) * (1 - t) * (1 - t);
      for (int column = 0; column < part.columns; column++) {
        int i = part.firstVertex + row * part.columns + column;
        double azimuth = -StrictMath.PI + 2 * StrictMath.PI * column / (part.columns - 1);
        float sin = (float) StrictMath.sin(azimuth);
        float cos = (float) StrictMath.cos(azimuth);
        x[i] = (shape.neckRadius + flare) * sin;
        y[i] = height;
        z[i] = -0.32f + 0.08f * t + (shape.neckRadius * 0.92f + 0.3f * flare) * cos;
        p[i] = x[i];
        q[i] = height;
        w[i] = cos;
      }
    }
    normals(part, true);
    present.add(part);
  }

  private void clothes() {
    Part part = Part.CLOTHES;
    for (int row = 0; row < part.rows; row++) {
      // From far below up to the collar, so that the outside faces out as in the other parts.
      float t = 1 - (float) row / (part.rows - 1);
      float spread = t * (2 - t);
      for (int column = 0; column < part.columns; column++) {
        int i = part.firstVertex + row * part.columns + column;
        double azimuth = -StrictMath.PI + 2 * StrictMath.PI * column / (part.columns - 1);
        float sin = (float) StrictMath.sin(azimuth);
        float cos = (float) StrictMath.cos(azimuth);
        x[i] = (shape.neckRadius + 0.06f + 1.75f * spread) * sin;
        y[i] = -1.72f - 0.20f * t - 1.1f * t * t * t - 0.10f * (1 - t) * cos;
        z[i] = -0.30f + (shape.neckRadius * 0.95f + 0.08f + 0.55f * spread) * cos;
        p[i] = x[i];
        q[i] = y[i];
        w[i] = t;
      }
    }
    normals(part, true);
    present.add(part);
  }

  /** Normals from central differences; columns of closed rings join at both ends. */
  private void normals(Part part, boolean closed) {
    int columns = part.columns;
    int rows = part.rows;
    for (int row = 0; row < rows; row++) {
      int below = part.firstVertex + Math.max(0, row - 1) * columns;
      int above = part.firstVertex + Math.min(rows - 1, row + 1) * columns;
      int here = part.firstVertex + row * columns;
      for (int column = 0; column < columns; column++) {
        int left = column > 0 ? column - 1 : closed ? columns - 2 : 0;
        int right = column < columns - 1 ? column + 1 : closed ? 1 : columns - 1;
        float ax = x[here + right] - x[here + left];
        float ay = y[here + right] - y[here + left];
        float az = z[here + right] - z[here + left];
        float bx = x[above + column] - x[below + column];
        float by = y[above + column] - y[below + column];
        float bz = z[above + column] - z[below + column];
        float nx = ay * bz - az * by;
        float ny = az * bx - ax * bz;
        float nz = ax * by - ay * bx;
        float square = nx * nx + ny * ny + nz * nz;
        float scale = square > 1e-20f ? 1 / (float) Math.sqrt(square) : 0;
        int i = here + column;
        normalX[i] = nx * scale;
        normalY[i] = ny * scale;
        normalZ[i] = nz * scale;
      }
    }
    if (part == Part.HAIR) {
      // These rows run from the crown down, the other way round.
      for (int i = part.firstVertex; i < part.firstVertex + part.vertices(); i++) {
        normalX[i] = -normalX[i];
        normalY[i] = -normalY[i];
        normalZ[i] = -normalZ[i];
      }
    }
  }
}
