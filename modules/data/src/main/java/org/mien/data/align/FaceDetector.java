package org.mien.data.align;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.setNumThreads;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.mien.core.error.DataException;
import org.mien.data.image.FaceBox;
import org.mien.data.image.FacePoints;
import org.mien.data.image.RawImage;

/**
 * Finds faces and their five points with YuNet, run by ONNX Runtime.
 *
 * <p>The image is put into the upper left corner of a black one whose sides are multiples of 32, so
 * coordinates stay as they are; pixels are BGR, 0 to 255. An image larger than the detector's
 * longest side is scaled down first, each pixel the mean of the area it covers; a smaller one is
 * enlarged, bilinear, if the settings say so.
 *
 * <p>May be used by several threads at once; each computes on its own thread alone, for several
 * callers with a thread each are faster than one with several. What a thread keeps is bounded by
 * the longest side. The native session is freed by {@link #close} or, where a detector is kept by
 * samples and nobody can close it, when nothing refers to the detector any more.
 */
public final class FaceDetector implements AutoCloseable {
  /** YuNet has 0.2 MB; a file far above is something else. */
  private static final long MAXIMUM_BYTES = 64L << 20;

  private static final String INPUT = "input";
  private static final Cleaner CLEANER = Cleaner.create();

  static {
    // As FacePreprocessor: images are small and the callers are many.
    setNumThreads(1);
  }

  private final DetectorConfig settings;
  private final String modelFingerprint;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Cleaner.Cleanable release;
  private final ThreadLocal<FloatBuffer> inputs =
      ThreadLocal.withInitial(() -> FloatBuffer.allocate(0));
  // Runs hold the read lock: the native session must not go away under them.
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private FaceDetector(
      DetectorConfig settings,
      String modelFingerprint,
      OrtEnvironment environment,
      OrtSession session) {
    this.settings = settings;
    this.modelFingerprint = modelFingerprint;
    this.environment = environment;
    this.session = session;
    this.release = CLEANER.register(this, () -> closeQuietly(session));
  }

  /**
   * Loads the model.
   *
   * @throws DataException if the file is missing, or no YuNet model of the layout with {@code cls},
   *     {@code obj}, {@code bbox} and {@code kps} at three strides
   */
  public static FaceDetector open(DetectorConfig settings) {
    byte[] model = read(settings.model());
    OrtEnvironment environment =
        // Errors arrive as exceptions: ONNX Runtime need not print them to stderr as well.
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "mien");
    OrtSession session = null;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      // A pattern would be kept for each size of image there is.
      options.setMemoryPatternOptimization(false);
      session = environment.createSession(model, options);
      checkLayout(settings.model(), session);
      FaceDetector detector =
          new FaceDetector(settings, fingerprintOf(model), environment, session);
      session = null;
      return detector;
    } catch (OrtException e) {
      throw DataException.in(settings.model(), "ONNX Runtime cannot load it: " + firstLine(e), e);
    } finally {
      if (session != null) {
        closeQuietly(session);
      }
    }
  }

  /** Returns the settings it was opened with. */
  public DetectorConfig settings() {
    return settings;
  }

  /** One line that names all that decides what is found; the model by its SHA-256. */
  public String describe() {
    return describe(settings, modelFingerprint);
  }

  /** As {@link #describe()}, of a detector that is not opened. */
  static String describe(DetectorConfig settings) {
    return describe(settings, fingerprintOf(read(settings.model())));
  }

  private static String describe(DetectorConfig settings, String modelFingerprint) {
    return "yunet "
        + modelFingerprint
        + " score "
        + settings.scoreThreshold()
        + " overlap "
        + settings.overlapThreshold()
        + " candidates "
        + settings.candidates()
        + " longer side "
        + settings.longerSidePixels()
        + " enlargement "
        + settings.enlargement();
  }

  /**
   * Finds the faces of an image.
   *
   * @return from the highest score to the lowest; empty if there are none
   * @throws DataException if ONNX Runtime fails
   */
  public List<DetectedFace> detect(RawImage image) {
    double factor =
        Math.min(
            settings.enlargement(),
            (double) settings.longerSidePixels() / Math.max(image.width(), image.height()));
    int width = Math.max(1, (int) Math.round(image.width() * factor));
    int height = Math.max(1, (int) Math.round(image.height() * factor));
    if (width == image.width() && height == image.height()) {
      return find(image);
    }
    RawImage scaled = resized(image, width, height);
    double scaleX = (double) image.width() / width;
    double scaleY = (double) image.height() / height;
    List<DetectedFace> faces = new ArrayList<>();
    for (DetectedFace face : find(scaled)) {
      FaceBox box = face.box();
      double[] xy = face.points().toArray();
      for (int i = 0; i < xy.length; i += 2) {
        // The centre of the first pixel is 0, so its edge is -1/2.
        xy[i] = (xy[i] + 0.5) * scaleX - 0.5;
        xy[i + 1] = (xy[i + 1] + 0.5) * scaleY - 0.5;
      }
      faces.add(
          new DetectedFace(
              new FaceBox(
                  box.left() * scaleX,
                  box.top() * scaleY,
                  box.width() * scaleX,
                  box.height() * scaleY),
              FacePoints.of(xy),
              face.score()));
    }
    return faces;
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      closed = true;
      release.clean(); // once only, however often it is called
    } finally {
      lock.writeLock().unlock();
    }
  }

  private List<DetectedFace> find(RawImage image) {
    int width = roundedUp(image.width());
    int height = roundedUp(image.height());
    FloatBuffer input = filled(image, width, height);
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the detector is closed");
      }
      try (OnnxTensor tensor =
              OnnxTensor.createTensor(environment, input, new long[] {1, 3, height, width});
          OrtSession.Result result = session.run(Map.of(INPUT, tensor))) {
        List<DetectedFace> faces = new ArrayList<>();
        for (int stride : YuNetGrid.STRIDES) {
          int columns = width / stride;
          int cells = columns * (height / stride);
          YuNetGrid.decode(
              stride,
              columns,
              values(result, "cls_" + stride, cells),
              values(result, "obj_" + stride, cells),
              values(result, "bbox_" + stride, 4 * cells),
              values(result, "kps_" + stride, 10 * cells),
              settings.scoreThreshold(),
              faces);
        }
        return YuNetGrid.suppressed(faces, settings.overlapThreshold(), settings.candidates());
      } catch (OrtException e) {
        throw DataException.in(
            settings.model(),
            String.format(
                "ONNX Runtime failed on an image of %dx%d: %s",
                image.width(), image.height(), firstLine(e)),
            e);
      }
    } finally {
      lock.readLock().unlock();
      Reference.reachabilityFence(this);
    }
  }

  /** Returns the thread's buffer with planes B, G, R; black below and to the right of the image. */
  private FloatBuffer filled(RawImage image, int width, int height) {
    int area = width * height;
    FloatBuffer buffer = inputs.get();
    if (buffer.capacity() < 3 * area) {
      buffer =
          ByteBuffer.allocateDirect(3 * area * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      inputs.set(buffer);
    }
    byte[] rgb = image.rgb();
    float[] row = new float[width];
    for (int plane = 0; plane < 3; plane++) {
      for (int y = 0; y < height; y++) {
        if (y < image.height()) {
          int at = 3 * y * image.width() + 2 - plane;
          for (int x = 0; x < image.width(); x++, at += 3) {
            row[x] = rgb[at] & 0xFF;
          }
        } else if (y == image.height()) {
          Arrays.fill(row, 0);
        }
        buffer.put(plane * area + y * width, row);
      }
    }
    return buffer.duplicate().position(0).limit(3 * area);
  }

  private float[] values(OrtSession.Result result, String name, int count) {
    OnnxTensor tensor = (OnnxTensor) result.get(name).orElseThrow();
    FloatBuffer buffer = tensor.getFloatBuffer();
    if (buffer == null || buffer.remaining() != count) {
      throw DataException.in(
          settings.model(),
          String.format(
              "is no YuNet model: expected %d floats of %s, was %s",
              count, name, buffer == null ? "another type" : buffer.remaining()));
    }
    float[] values = new float[count];
    buffer.get(values);
    return values;
  }

  private static RawImage resized(RawImage image, int width, int height) {
    byte[] pixels = new byte[3 * width * height];
    try (BytePointer input = new BytePointer(image.rgb());
        Mat source = new Mat(image.height(), image.width(), CV_8UC3, input);
        Mat target = new Mat();
        Size size = new Size(width, height)) {
      resize(source, target, size, 0, 0, width < image.width() ? INTER_AREA : INTER_LINEAR);
      target.data().get(pixels);
    }
    return new RawImage(width, height, pixels);
  }

  private static int roundedUp(int side) {
    return (side + YuNetGrid.LARGEST_STRIDE - 1)
        / YuNetGrid.LARGEST_STRIDE
        * YuNetGrid.LARGEST_STRIDE;
  }

  private static byte[] read(Path file) {
    try {
      long size = Files.size(file);
      if (!Files.isRegularFile(file) || size > MAXIMUM_BYTES) {
        throw DataException.in(
            file, "is a folder or has more than 64 MiB; expected a YuNet model, an ONNX file");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw DataException.in(file, "is missing; expected a YuNet model, an ONNX file", e);
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  private static void checkLayout(Path file, OrtSession session) {
    List<String> expected = new ArrayList<>();
    for (String output : List.of("cls_", "obj_", "bbox_", "kps_")) {
      for (int stride : YuNetGrid.STRIDES) {
        expected.add(output + stride);
      }
    }
    Set<String> outputs = session.getOutputNames();
    if (!session.getInputNames().equals(Set.of(INPUT)) || !outputs.containsAll(expected)) {
      throw DataException.in(
          file,
          "is no YuNet model of 2023 or later: expected the input "
              + INPUT
              + " and the outputs "
              + expected
              + ", was "
              + session.getInputNames()
              + " and "
              + outputs);
    }
  }

  private static String fingerprintOf(byte[] model) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(model));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String firstLine(OrtException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
  }

  private static void closeQuietly(OrtSession session) {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime could not release a session", e);
    }
  }
}
