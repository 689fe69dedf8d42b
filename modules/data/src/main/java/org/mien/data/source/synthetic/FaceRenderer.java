package org.mien.data.source.synthetic;

import org.mien.data.image.RawImage;

/**
 * Draws a face: builds a mesh of head, hair, neck and clothes from the parameters, turns it, finds
 * the visible triangle of every sample (two by two a pixel), paints and lights the sample, and
 * passes the picture through a camera.
 *
 * <p>Only additions, multiplications, divisions, square roots and {@code StrictMath} are used, in
 * one order: the same parameters give the same bytes on every machine. Methods are stateless and
 * may be called from any number of threads.
 */
public final class FaceRenderer {
  /**
   * Changes whenever a change of this package changes a pixel, so that caches and trained weights
   * that came from other pixels are not mistaken for current ones.
   */
  public static final int RENDERER_VERSION = 1;

  /** Smallest picture in pixels. */
  public static final int MIN_SIZE_PIXELS = 16;

  /** Largest picture in pixels. */
  public static final int MAX_SIZE_PIXELS = 1024;

  private FaceRenderer() {}

  /**
   * Returns a square picture.
   *
   * @param sizePixels side of the picture in [{@value #MIN_SIZE_PIXELS}, {@value #MAX_SIZE_PIXELS}]
   */
  public static RawImage render(
      IdentityParameters identity, NuisanceParameters nuisance, int sizePixels) {
    checkSize(sizePixels);
    int samples = 2 * sizePixels;
    FaceShape shape = new FaceShape(identity, nuisance.face());
    FaceMesh mesh = new FaceMesh(identity, nuisance, shape);
    View view = new View(nuisance.pose(), samples);
    view.apply(mesh);
    Frame frame = new Frame(identity, nuisance, shape);
    VisibilityBuffer buffer = new VisibilityBuffer(samples);
    buffer.draw(mesh, frame);
    Painter painter =
        new Painter(identity, nuisance, shape, mesh.hairShape(), frame, view, sizePixels);
    float[] rgb = shade(mesh, buffer, painter, new Backdrop(nuisance), sizePixels);
    Occluder.draw(rgb, sizePixels, nuisance);
    CameraEffects.blur(rgb, sizePixels, nuisance.camera().blurSigma() * sizePixels);
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = Srgb.encode(rgb[i]);
    }
    CameraEffects.noise(
        rgb, sizePixels, nuisance.camera().noiseSigma(), nuisance.camera().noiseSeed());
    CameraEffects.compress(rgb, sizePixels, nuisance.camera().jpegQuality());
    byte[] bytes = new byte[rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      bytes[i] = (byte) (int) (Math.max(0, Math.min(255, rgb[i])) + 0.5f);
    }
    return new RawImage(sizePixels, sizePixels, bytes);
  }

  private static float[] shade(
      FaceMesh mesh, VisibilityBuffer buffer, Painter painter, Backdrop backdrop, int size) {
    float[] rgb = new float[3 * size * size];
    float[] behind = new float[3];
    int samples = buffer.size;
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        float red = 0;
        float green = 0;
        float blue = 0;
        int empty = 0;
        for (int s = 0; s < 4; s++) {
          int sx = 2 * x + (s & 1);
          int sy = 2 * y + (s >> 1);
          int triangle = buffer.triangle[sy * samples + sx];
          if (triangle == VisibilityBuffer.NOTHING) {
            empty++;
            continue;
          }
          buffer.locate(mesh, triangle, sx + 0.5f, sy + 0.5f);
          painter.paint(mesh, buffer, triangle);
          red += painter.red;
          green += painter.green;
          blue += painter.blue;
        }
        if (empty > 0) {
          backdrop.color((x + 0.5f) / size, (y + 0.5f) / size, behind);
          red += empty * behind[0];
          green += empty * behind[1];
          blue += empty * behind[2];
        }
        int at = 3 * (y * size + x);
        rgb[at] = 0.25f * red;
        rgb[at + 1] = 0.25f * green;
        rgb[at + 2] = 0.25f * blue;
      }
    }
    return rgb;
  }

  /** Returns where eyes, nose and mouth lie on the picture that {@link #render} would draw. */
  public static FaceLandmarks landmarks(
      IdentityParameters identity, NuisanceParameters nuisance, int sizePixels) {
    checkSize(sizePixels);
    FaceShape shape = new FaceShape(identity, nuisance.face());
    FaceMesh mesh = new FaceMesh(identity, nuisance, shape);
    View view = new View(nuisance.pose(), sizePixels);
    float corner = shape.mouthLine(shape.mouthHalfWidth);
    float[] p = {-shape.eyeX, shape.eyeX, 0, -shape.mouthHalfWidth, shape.mouthHalfWidth};
    float[] q = {shape.eyeY, shape.eyeY, shape.noseBase + shape.tipTurn, corner, corner};
    float[] x = new float[FaceLandmarks.COUNT];
    float[] y = new float[FaceLandmarks.COUNT];
    float[] out = new float[3];
    for (int i = 0; i < FaceLandmarks.COUNT; i++) {
      view.project(p[i], q[i], mesh.frontDepth(p[i], q[i]), out);
      x[i] = out[0];
      y[i] = out[1];
    }
    return new FaceLandmarks(x, y);
  }

  static void checkSize(int sizePixels) {
    if (sizePixels < MIN_SIZE_PIXELS || sizePixels > MAX_SIZE_PIXELS) {
      throw new IllegalArgumentException(
          "sizePixels must be in ["
              + MIN_SIZE_PIXELS
              + ", "
              + MAX_SIZE_PIXELS
              + "], was "
              + sizePixels);
    }
  }
}
