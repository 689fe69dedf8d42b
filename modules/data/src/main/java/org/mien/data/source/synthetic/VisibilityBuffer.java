package org.mien.data.source.synthetic;

import java.util.Arrays;

/**
 * Which triangle each sample sees. Colours are computed afterwards, once a sample, so that hidden
 * surfaces cost next to nothing.
 */
final class VisibilityBuffer {
  static final int NOTHING = -1;

  final int size;
  final int[] triangle;
  private final float[] depth;

  /** Barycentric weights of the sample last passed to {@link #locate}. */
  float weightA;

  float weightB;
  float weightC;

  VisibilityBuffer(int size) {
    this.size = size;
    triangle = new int[size * size];
    depth = new float[size * size];
    Arrays.fill(triangle, NOTHING);
  }

  void draw(FaceMesh mesh, Frame frame) {
    for (FaceMesh.Part part : mesh.present) {
      int first = part.firstTriangle;
      for (int t = first; t < first + part.triangles(); t++) {
        triangle(mesh, frame, part, t);
      }
    }
  }

  private void triangle(FaceMesh mesh, Frame frame, FaceMesh.Part part, int t) {
    int a = FaceMesh.CORNERS[3 * t];
    int b = FaceMesh.CORNERS[3 * t + 1];
    int c = FaceMesh.CORNERS[3 * t + 2];
    boolean masked = false;
    HairShape hair = null;
    if (part == FaceMesh.Part.HAIR) {
      float most = Math.max(mesh.w[a], Math.max(mesh.w[b], mesh.w[c]));
      if (most < -0.2f) {
        return;
      }
      masked = Math.min(mesh.w[a], Math.min(mesh.w[b], mesh.w[c])) < 0.25f;
      hair = mesh.hairShape();
    } else if (part == FaceMesh.Part.FRAME) {
      masked = true;
    }
    float ax = mesh.x[a];
    float ay = mesh.y[a];
    float bx = mesh.x[b];
    float by = mesh.y[b];
    float cx = mesh.x[c];
    float cy = mesh.y[c];
    // y grows downwards, so that front faces turn clockwise on the picture.
    float area = (cx - ax) * (by - ay) - (bx - ax) * (cy - ay);
    if (area == 0 || (area < 0 && !part.twoSided)) {
      return;
    }
    int left = Math.max(0, ceiling(Math.min(ax, Math.min(bx, cx)) - 0.5f));
    int right = Math.min(size - 1, ValueNoise.floor(Math.max(ax, Math.max(bx, cx)) - 0.5f));
    if (left > right) {
      return;
    }
    int top = Math.max(0, ceiling(Math.min(ay, Math.min(by, cy)) - 0.5f));
    int bottom = Math.min(size - 1, ValueNoise.floor(Math.max(ay, Math.max(by, cy)) - 0.5f));
    float inverse = 1 / area;
    float az = mesh.z[a];
    float bz = mesh.z[b];
    float cz = mesh.z[c];
    for (int row = top; row <= bottom; row++) {
      float py = row + 0.5f;
      for (int column = left; column <= right; column++) {
        float px = column + 0.5f;
        float wb = ((cx - ax) * (py - ay) - (px - ax) * (cy - ay)) * inverse;
        float wc = ((px - ax) * (by - ay) - (bx - ax) * (py - ay)) * inverse;
        float wa = 1 - wb - wc;
        if (wa < 0 || wb < 0 || wc < 0) {
          continue;
        }
        float z = wa * az + wb * bz + wc * cz;
        int at = row * size + column;
        if (z <= depth[at]) {
          continue;
        }
        if (masked) {
          float p = wa * mesh.p[a] + wb * mesh.p[b] + wc * mesh.p[c];
          float q = wa * mesh.q[a] + wb * mesh.q[b] + wc * mesh.q[c];
          if (hair != null) {
            // Wisps instead of a straight cut.
            float wisp = ValueNoise.at(p * 22, q * 5, hair.seed) - 0.5f;
            if (hair.mask(p, q) + hair.wisps * wisp < 0) {
              continue;
            }
          } else if (!frame.covers(p, q)) {
            continue;
          }
        }
        depth[at] = z;
        triangle[at] = t;
      }
    }
  }

  /** Computes where in its triangle a sample lies. */
  void locate(FaceMesh mesh, int t, float px, float py) {
    int a = FaceMesh.CORNERS[3 * t];
    int b = FaceMesh.CORNERS[3 * t + 1];
    int c = FaceMesh.CORNERS[3 * t + 2];
    float ax = mesh.x[a];
    float ay = mesh.y[a];
    float bx = mesh.x[b];
    float by = mesh.y[b];
    float cx = mesh.x[c];
    float cy = mesh.y[c];
    float inverse = 1 / ((cx - ax) * (by - ay) - (bx - ax) * (cy - ay));
    weightB = ((cx - ax) * (py - ay) - (px - ax) * (cy - ay)) * inverse;
    weightC = ((px - ax) * (by - ay) - (bx - ax) * (py - ay)) * inverse;
    weightA = 1 - weightB - weightC;
  }

  private static int ceiling(float x) {
    return -ValueNoise.floor(-x);
  }
}
