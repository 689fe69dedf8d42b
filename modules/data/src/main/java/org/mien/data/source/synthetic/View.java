package org.mien.data.source.synthetic;

/** Where the camera stands: turns model space into samples on the picture, with perspective. */
final class View {
  /** Distance of the camera, about 75 cm: a portrait. */
  private static final float CAMERA = 10;

  /** Half of the picture's height in model units at the centre of the head. */
  private static final float HALF_HEIGHT = 2.0f;

  /** The head turns about this point inside the skull. */
  private static final float PIVOT_Y = -0.10f;

  private static final float PIVOT_Z = -0.10f;

  final Rotation head;
  private final Rotation body;
  private final float centerX;
  private final float centerY;
  private final float focal;

  View(NuisanceParameters.Pose pose, int samples) {
    head = Rotation.of(pose.yawDegrees(), pose.pitchDegrees(), pose.rollDegrees());
    body = Rotation.of(0.3 * pose.yawDegrees(), 0, 0.2 * pose.rollDegrees());
    centerX = (float) (samples * (0.5 + pose.shiftX()));
    centerY = (float) (samples * (0.5 + pose.shiftY()));
    focal = (float) (CAMERA * samples * pose.scale() / (2 * HALF_HEIGHT));
  }

  /** Projects a point of the head; {@code out} receives sample x, sample y and depth. */
  void project(float x, float y, float z, float[] out) {
    float dy = y - PIVOT_Y;
    float dz = z - PIVOT_Z;
    place(head.x(x, dy, dz), head.y(x, dy, dz) + PIVOT_Y, head.z(x, dy, dz) + PIVOT_Z, out);
  }

  private void place(float x, float y, float z, float[] out) {
    float scale = focal / (CAMERA - z);
    out[0] = centerX + x * scale;
    // The head sits a little above the middle, so that the shoulders show.
    out[1] = centerY - (y + 0.02f) * scale;
    out[2] = 1 / (CAMERA - z);
  }

  /** Turns the mesh into view space in place: x and y in samples, z growing towards the camera. */
  void apply(FaceMesh mesh) {
    float[] out = new float[3];
    for (FaceMesh.Part part : mesh.present) {
      for (int i = part.firstVertex; i < part.firstVertex + part.vertices(); i++) {
        float x = mesh.x[i];
        float y = mesh.y[i] - PIVOT_Y;
        float z = mesh.z[i] - PIVOT_Z;
        float nx = mesh.normalX[i];
        float ny = mesh.normalY[i];
        float nz = mesh.normalZ[i];
        // The clothes follow the body, the neck changes from one to the other.
        float follow =
            switch (part) {
              case CLOTHES -> 0;
              case NECK -> FaceShape.smooth(-2.1f, -0.9f, mesh.y[i]);
              default -> 1;
            };
        float vx = head.x(x, y, z);
        float vy = head.y(x, y, z);
        float vz = head.z(x, y, z);
        float wx = head.x(nx, ny, nz);
        float wy = head.y(nx, ny, nz);
        float wz = head.z(nx, ny, nz);
        if (follow < 1) {
          float rest = 1 - follow;
          vx = follow * vx + rest * body.x(x, y, z);
          vy = follow * vy + rest * body.y(x, y, z);
          vz = follow * vz + rest * body.z(x, y, z);
          wx = follow * wx + rest * body.x(nx, ny, nz);
          wy = follow * wy + rest * body.y(nx, ny, nz);
          wz = follow * wz + rest * body.z(nx, ny, nz);
        }
        place(vx, vy + PIVOT_Y, vz + PIVOT_Z, out);
        mesh.x[i] = out[0];
        mesh.y[i] = out[1];
        mesh.z[i] = out[2];
        mesh.normalX[i] = wx;
        mesh.normalY[i] = wy;
        mesh.normalZ[i] = wz;
      }
    }
  }
}
