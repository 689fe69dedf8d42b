package org.mien.data.align;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.ConfigWriter;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.data.image.FaceBox;
import org.mien.data.image.FaceLocation;
import org.mien.data.image.FacePoints;
import org.mien.data.image.FingerprintedImage;
import org.mien.data.image.ImageSource;
import org.mien.data.image.RawImage;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;

final class AlignmentConfigTest {
  private static final FacePoints POINTS =
      new SimilarityTransform(1.5, 0.2, 30, 12).apply(AlignmentTemplate.arcFace().points());
  private static final AlignmentConfig.FivePoints FIVE =
      new AlignmentConfig.FivePoints(112, 112, TemplateRule.INSIGHTFACE);
  private static final AlignmentConfig.Box BOX =
      new AlignmentConfig.Box(0.1, BoxShape.SQUARE, BoxBorder.REPEAT);

  /** Counts how often it is decoded. */
  private record Gradient(String name, AtomicInteger decoded) implements ImageSource {
    Gradient(String name) {
      this(name, new AtomicInteger());
    }

    @Override
    public RawImage decode() {
      decoded.incrementAndGet();
      byte[] rgb = new byte[3 * 250 * 250];
      for (int i = 0; i < 250 * 250; i++) {
        rgb[3 * i] = (byte) (i % 250);
        rgb[3 * i + 1] = (byte) (i / 250);
      }
      return new RawImage(250, 250, rgb);
    }

    @Override
    public String fingerprint() {
      return name;
    }
  }

  private static FaceManifest manifest(FaceLocation location) {
    return new FaceManifest(
        "one",
        List.of(
            new FaceSample("Ann/1.jpg", "Ann", new Gradient("g"), Map.of("age", "7"), location)),
        List.of());
  }

  private static FaceSample only(FaceManifest manifest) {
    return manifest.samples().get(0);
  }

  private static AlignmentConfig parse(String yaml) {
    return ConfigLoader.parse(yaml, "recipe.yaml", AlignmentConfig.class, List.of(), Map.of())
        .value();
  }

  @Test
  void everyVariantIsReadFromYamlAndWrittenBack() {
    Map<String, AlignmentConfig> samples =
        Map.of(
            "type: none", new AlignmentConfig.None(),
            "{type: box, margin: 0.1}", BOX,
            "{type: box, shape: keep-aspect, border: black}",
                new AlignmentConfig.Box(0, BoxShape.KEEP_ASPECT, BoxBorder.BLACK),
            "{type: five-points}", FIVE,
            "{type: five-points, widthPixels: 160, heightPixels: 160, template: scaled}",
                new AlignmentConfig.FivePoints(160, 160, TemplateRule.SCALED),
            "{type: detect, choice: largest, detector: {model: yunet.onnx, scoreThreshold: 0.8}}",
                new AlignmentConfig.Detect(
                    new DetectorConfig(Path.of("yunet.onnx"), 0.8, 0.3, 5000, 640, 2),
                    FaceChoice.LARGEST,
                    112,
                    112,
                    TemplateRule.INSIGHTFACE));
    Set<Class<?>> seen = new HashSet<>();
    samples.forEach(
        (yaml, expected) -> {
          assertEquals(expected, parse(yaml), yaml);
          assertEquals(expected, parse(ConfigWriter.toYaml(expected)), yaml);
          seen.add(expected.getClass());
        });
    assertEquals(
        new HashSet<>(Arrays.asList(AlignmentConfig.class.getPermittedSubclasses())), seen);
  }

  @Test
  void aSizeWithoutARuleIsAnErrorOfTheRecipe() {
    String message =
        assertThrows(
                ConfigException.class,
                () -> parse("{type: five-points, widthPixels: 160, heightPixels: 160}"))
            .getMessage();
    assertTrue(message.contains("160x160") && message.contains("template: scaled"), message);
  }

  @Test
  void noneChangesNothing() {
    FaceManifest manifest = manifest(FaceLocation.UNKNOWN);
    assertSame(manifest, new AlignmentConfig.None().apply(manifest));
  }

  @Test
  void fivePointsBringTheFaceToTheTemplateWhenPixelsAreAskedFor() {
    FaceManifest manifest = manifest(FaceLocation.of(POINTS));
    Gradient gradient = (Gradient) only(manifest).image();
    FaceSample aligned = only(FIVE.apply(manifest));
    assertEquals(0, gradient.decoded().get());
    assertEquals("Ann/1.jpg", aligned.key());
    assertEquals("Ann", aligned.identity());
    assertEquals(Map.of("age", "7"), aligned.attributes());
    assertEquals(Optional.of(AlignmentTemplate.arcFace().points()), aligned.location().points());

    RawImage image = aligned.image().decode();
    assertEquals(1, gradient.decoded().get());
    assertEquals(112, image.width());
    // Red is the column and green the row it comes from: the points are where they should be.
    double[] from = POINTS.toArray();
    double[] to = AlignmentTemplate.arcFace().points().toArray();
    for (int i = 0; i < 10; i += 2) {
      int at = 3 * ((int) Math.round(to[i + 1]) * 112 + (int) Math.round(to[i]));
      assertEquals(from[i], image.rgb()[at] & 0xFF, 1.5);
      assertEquals(from[i + 1], image.rgb()[at + 1] & 0xFF, 1.5);
    }
  }

  @Test
  void readingGivesTheSamePixelsAndFingerprintAndDecodesOnce() {
    for (AlignmentConfig config : List.of(FIVE, BOX)) {
      FaceManifest manifest =
          manifest(
              new FaceLocation(Optional.of(new FaceBox(60, 50, 100, 120)), Optional.of(POINTS)));
      ImageSource source = only(config.apply(manifest)).image();
      FingerprintedImage read = source.read();
      assertEquals(1, ((Gradient) only(manifest).image()).decoded().get());
      assertArrayEquals(source.decode().rgb(), read.image().rgb());
      assertEquals(source.fingerprint(), read.fingerprint());
    }
  }

  @Test
  void whatTheAlignmentDidIsTold() {
    FaceSample aligned = only(FIVE.apply(manifest(FaceLocation.of(POINTS))));
    AlignedImage told = AlignedImage.of(aligned);
    assertEquals("g", told.originalFingerprint());
    assertEquals(1 / Math.hypot(1.5, 0.2), told.transform().scale(), 1e-9);
    assertEquals(0, told.residualPixels().orElseThrow(), 1e-9);
    assertArrayEquals(
        AlignmentTemplate.arcFace().points().toArray(),
        told.points().orElseThrow().toArray(),
        1e-9);
    assertTrue(told.detectorScore().isEmpty());
  }

  @Test
  void theFingerprintNamesEverythingThatChangesPixels() {
    FaceLocation location =
        new FaceLocation(Optional.of(new FaceBox(60, 50, 100, 120)), Optional.of(POINTS));
    double[] moved = POINTS.toArray();
    moved[9] = Math.nextUp(moved[9]);
    Set<String> prints = new HashSet<>();
    int sources = 0;
    for (FaceLocation place :
        List.of(
            location,
            new FaceLocation(
                Optional.of(new FaceBox(61, 50, 100, 120)), Optional.of(FacePoints.of(moved))))) {
      for (AlignmentConfig config :
          List.of(
              new AlignmentConfig.None(),
              FIVE,
              new AlignmentConfig.FivePoints(96, 112, TemplateRule.INSIGHTFACE),
              new AlignmentConfig.FivePoints(128, 128, TemplateRule.INSIGHTFACE),
              new AlignmentConfig.FivePoints(128, 128, TemplateRule.SCALED),
              BOX,
              new AlignmentConfig.Box(0.1, BoxShape.SQUARE, BoxBorder.BLACK),
              new AlignmentConfig.Box(0.1, BoxShape.KEEP_ASPECT, BoxBorder.REPEAT),
              new AlignmentConfig.Box(0.2, BoxShape.SQUARE, BoxBorder.REPEAT))) {
        prints.add(only(config.apply(manifest(place))).image().fingerprint());
        sources++;
      }
    }
    assertEquals(sources - 1, prints.size()); // without alignment the place does not matter
    assertNotEquals(
        only(FIVE.apply(manifest(location))).image().fingerprint(),
        ((AlignedImageSource) only(FIVE.apply(manifest(location))).image()).fingerprintOf("other"));
  }

  @Test
  void aBoxMovesTheFaceWithIt() {
    FaceLocation location =
        new FaceLocation(Optional.of(new FaceBox(60, 50, 100, 120)), Optional.of(POINTS));
    FaceSample cropped = only(BOX.apply(manifest(location)));
    // A square of 144 around (110, 110).
    RawImage image = cropped.image().decode();
    assertEquals(144, image.width());
    assertEquals(38, image.rgb()[0] & 0xFF);
    assertEquals(38, image.rgb()[1] & 0xFF);
    assertEquals(Optional.of(new FaceBox(22, 12, 100, 120)), cropped.location().box());
    assertEquals(
        POINTS.nose().x() - 38, cropped.location().points().orElseThrow().nose().x(), 1e-9);
  }

  @Test
  void aSampleWithoutItsLocationFailsWhenItIsDecodedAndNamesItsKey() {
    for (AlignmentConfig config : List.of(FIVE, BOX)) {
      FaceSample sample = only(config.apply(manifest(FaceLocation.UNKNOWN)));
      for (String message :
          List.of(
              assertThrows(DataException.class, () -> sample.image().decode()).getMessage(),
              assertThrows(DataException.class, () -> sample.image().read()).getMessage())) {
        assertTrue(message.startsWith("Ann/1.jpg: ") && message.contains("detect"), message);
      }
      assertEquals(64, sample.image().fingerprint().length());
    }
  }

  @Test
  void pointsThatMakeNoFaceFailWithTheKey() {
    FacePoints one = FacePoints.of(5, 6, 5, 6, 5, 6, 5, 6, 5, 6);
    FaceSample sample = only(FIVE.apply(manifest(FaceLocation.of(one))));
    String message = assertThrows(DataException.class, () -> sample.image().decode()).getMessage();
    assertTrue(message.startsWith("Ann/1.jpg: ") && message.contains("coincide"), message);
  }

  @Test
  void descriptionsDifferWhereverPixelsWould() {
    Set<String> descriptions = new HashSet<>();
    List<AlignmentConfig> configs =
        List.of(
            new AlignmentConfig.None(),
            FIVE,
            new AlignmentConfig.FivePoints(128, 128, TemplateRule.INSIGHTFACE),
            new AlignmentConfig.FivePoints(128, 128, TemplateRule.SCALED),
            BOX,
            new AlignmentConfig.Box(0.1, BoxShape.KEEP_ASPECT, BoxBorder.REPEAT),
            new AlignmentConfig.Box(0.1, BoxShape.SQUARE, BoxBorder.BLACK));
    configs.forEach(config -> descriptions.add(config.describe()));
    assertEquals(configs.size(), descriptions.size());
  }

  @Test
  void aMissingModelIsToldBeforeAnythingIsDecoded() {
    AlignmentConfig detect =
        new AlignmentConfig.Detect(
            DetectorConfig.of(Path.of("no-such.onnx")),
            FaceChoice.CENTRAL,
            112,
            112,
            TemplateRule.INSIGHTFACE);
    String message =
        assertThrows(DataException.class, () -> detect.apply(manifest(FaceLocation.UNKNOWN)))
            .getMessage();
    assertTrue(message.startsWith("no-such.onnx: is missing"), message);
  }
}
