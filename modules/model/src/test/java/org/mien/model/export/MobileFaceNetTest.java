package org.mien.model.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.embed.OnnxEmbedder;
import org.mien.model.file.FaceModel;
import org.mien.model.file.ModelDescriptor;
import org.mien.model.file.ModelFiles;
import org.mien.model.head.HeadGraph;
import org.mien.model.head.LinearHeadConfig;
import org.mien.model.loss.SoftmaxLossConfig;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.model.onnx.OnnxModelFile;
import org.mien.model.onnx.RandomGraph;
import org.mien.testing.DataFolder;
import org.mien.testing.DataTest;
import org.nd4j.linalg.learning.config.Adam;

/** A real pretrained network, from an exporter that fixed its batch to one image, on real faces. */
@DataTest
class MobileFaceNetTest {
  private static final int SIDE = 112;
  private static final int PIXELS = 3 * SIDE * SIDE;
  private static final int IMAGES = 12;
  private static final int IDENTITIES = 10;
  private static final Path MODEL =
      DataFolder.path().resolve("models/mobilefacenet-512/fr_feature.onnx");
  private static final OnnxEmbedder.Options OPTIONS = OnnxEmbedder.Options.defaults();

  @TempDir Path folder;

  private static Preprocessing preprocessing() {
    return new Preprocessing(
        SIDE,
        SIDE,
        ColorOrder.RGB,
        List.of(127.0, 127.0, 127.0),
        List.of(128.0, 128.0, 128.0),
        new Crop.None(),
        "arcface");
  }

  private static float[] realImages() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(DataFolder.path().resolve("data/lfw-aligned-112"), 2)) {
      files = all.filter(f -> f.toString().endsWith(".jpg")).sorted().limit(IMAGES).toList();
    }
    float[] pixels = new float[IMAGES * PIXELS];
    for (int image = 0; image < IMAGES; image++) {
      BufferedImage decoded = ImageIO.read(files.get(image).toFile());
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          int rgb = decoded.getRGB(x, y);
          int at = image * PIXELS + y * SIDE + x;
          pixels[at] = (((rgb >> 16) & 255) - 127) / 128f;
          pixels[at + SIDE * SIDE] = (((rgb >> 8) & 255) - 127) / 128f;
          pixels[at + 2 * SIDE * SIDE] = ((rgb & 255) - 127) / 128f;
        }
      }
    }
    return pixels;
  }

  private static ComputationGraph head() {
    Nd4jRuntime.start();
    ComputationGraph head =
        HeadGraph.build(
            512,
            IDENTITIES,
            new LinearHeadConfig(512, true, 0),
            new SoftmaxLossConfig(0),
            new Adam(1e-3),
            1);
    RandomGraph.randomize(head, 2);
    return head;
  }

  private FaceModel model() {
    ModelDescriptor descriptor = ModelDescriptor.of("mobilefacenet", 512, preprocessing());
    return FaceModel.ofOnnx(descriptor, MODEL, Optional.of(head()), OPTIONS);
  }

  @Test
  void aBatchGivesWhatEachImageGivesAlone() throws IOException {
    try (OnnxEmbedder embedder = OnnxEmbedder.open(MODEL, preprocessing(), OPTIONS)) {
      assertTrue(embedder.batches());
      assertEquals(512, embedder.dimension());
      for (float[] images : List.of(realImages(), RandomGraph.numbers(IMAGES * PIXELS, 5))) {
        float[] together = embedder.embed(images, IMAGES);
        float[] alone = new float[together.length];
        for (int i = 0; i < IMAGES; i++) {
          float[] image = Arrays.copyOfRange(images, i * PIXELS, (i + 1) * PIXELS);
          System.arraycopy(embedder.embed(image, 1), 0, alone, i * 512, 512);
        }
        Parity parity = ParityCheck.compare(alone, together, 512, 1e-5);
        assertTrue(parity.passed(), parity.describe());
      }
    }
  }

  @Test
  void theHeadBehindTheNetworkInOneFileGivesWhatTheHeadOnNd4jGives() throws IOException {
    try (FaceModel model = model();
        OnnxEmbedder joined =
            OnnxEmbedder.of(
                OnnxModelFile.of(OnnxExporter.toOnnx(model).toByteArray(), "joined.onnx"),
                preprocessing(),
                OPTIONS)) {
      assertTrue(joined.batches());
      for (float[] images : List.of(realImages(), RandomGraph.numbers(IMAGES * PIXELS, 5))) {
        Parity parity = ParityCheck.compare(model.embedder(), joined, images, IMAGES, 1e-5);
        assertTrue(parity.passed(), parity.describe());
      }
    }
  }

  @Test
  void bothFormatsAreExportedAndOpenedAgain() throws IOException {
    float[] images = realImages();
    try (FaceModel model = model()) {
      for (ExportFormat format : List.of(ExportFormat.ONNX, ExportFormat.DL4J)) {
        Path target = folder.resolve("face" + format.extension());
        ExportResult result = ModelExporter.of(format).export(model, target, images, IMAGES);
        System.out.println("MEASURED " + format + " " + result.parity().describe());
        try (FaceModel opened = ModelFiles.open(target, Optional.empty())) {
          assertTrue(
              ParityCheck.compare(model.embedder(), opened.embedder(), images, IMAGES, 1e-5)
                  .passed());
        }
      }
    }
  }

  @Test
  void eightBitsKeepTheDirectionOfRealFaces() throws IOException {
    float[] images = realImages();
    ModelDescriptor descriptor = ModelDescriptor.of("mobilefacenet", 512, preprocessing());
    try (FaceModel model = FaceModel.ofOnnx(descriptor, MODEL, Optional.empty(), OPTIONS)) {
      for (boolean inside : new boolean[] {false, true}) {
        ExportResult result =
            ModelExporter.of(ExportFormat.ONNX_INT8, new ExportOptions(inside, Optional.empty()))
                .export(model, folder.resolve("face.int8.onnx"), images, IMAGES);
        assertTrue(result.parity().smallestCosine() > 0.97, result.parity().describe());
        assertTrue(result.sizeBytes() < Files.size(MODEL) / 3, result.sizeBytes() + " bytes");
      }
    }
  }

  @Test
  void aTruncatedFileIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(MODEL);
    for (int percent : new int[] {1, 50, 99}) {
      Path cut =
          Files.write(
              folder.resolve("cut.onnx"),
              Arrays.copyOf(whole, (int) (whole.length * (long) percent / 100)));
      assertThrows(DataException.class, () -> OnnxEmbedder.open(cut, preprocessing(), OPTIONS));
    }
  }
}
