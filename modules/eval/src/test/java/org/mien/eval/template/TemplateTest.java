package org.mien.eval.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.embedding.EmbeddingMatrix;
import org.mien.core.error.DataException;
import org.mien.core.progress.Progress;
import org.mien.data.protocol.IjbConfig;
import org.mien.data.protocol.TemplateProtocol;
import org.mien.eval.Failure;
import org.mien.eval.identification.FpirRule;
import org.mien.eval.identification.GalleryFusion;
import org.mien.eval.identification.IdentificationOptions;
import org.mien.eval.identification.TemplateIdentification;
import org.mien.eval.score.FarTarget;
import org.mien.eval.search.EmbeddingRows;

/** A protocol of eight images, five templates and two galleries, worked out by hand. */
final class TemplateTest {
  @TempDir private Path folder;
  private TemplateProtocol protocol;

  /** Template 1: one photograph and two frames; then one image each but for template 5. */
  private static final float[] IMAGES = {
    4, 0, // 1, medium 10
    0, 2, // 1, medium 11
    0, 4, // 1, medium 11
    3, 4, // 2
    0, 1, // 3
    1, 0, // 4
    0, 5, // 5
    5, 0, // 5
  };

  @BeforeEach
  void write() throws Exception {
    Path members =
        Files.writeString(
            folder.resolve("ijbc_face_tid_mid.txt"),
            """
            1.jpg 1 10
            2.jpg 1 11
            3.jpg 1 11
            4.jpg 2 12
            5.jpg 3 13
            6.jpg 4 14
            7.jpg 5 15
            8.jpg 5 16
            """);
    Path pairs =
        Files.writeString(
            folder.resolve("pairs.txt"), "1 2 1\n3 5 1\n1 3 0\n1 4 0\n3 4 0\n2 3 0\n");
    Path first = Files.writeString(folder.resolve("g1.csv"), "template_id,subject_id\n1,100\n");
    Path second =
        Files.writeString(folder.resolve("g2.csv"), "template_id,subject_id\n3,200\n4,300\n");
    Path probes =
        Files.writeString(folder.resolve("probes.csv"), "template_id,subject_id\n2,100\n5,200\n");
    Path points =
        Files.writeString(
            folder.resolve("points.txt"),
            List.of("1.jpg", "2.jpg", "3.jpg", "4.jpg", "5.jpg", "6.jpg", "7.jpg", "8.jpg").stream()
                .map(
                    name ->
                        name
                            + " 1 1 2 1 1 2 1 3 2 3 "
                            + (name.equals("1.jpg") ? "0.5" : "1")
                            + "\n")
                .reduce("", String::concat));
    protocol =
        new IjbConfig(
                members, pairs, List.of(first, second), Optional.of(probes), Optional.of(points))
            .open();
  }

  private PooledTemplates pool(boolean keepNorm, boolean weigh, MediaPooling media) {
    return TemplatePooling.pool(
        protocol,
        EmbeddingRows.of("image", 2, IMAGES),
        new PoolingOptions(keepNorm, weigh, media),
        Progress.silent());
  }

  private static void expect(PooledTemplates templates, int row, double x, double y) {
    float[] found = new float[2];
    templates.read(row, 1, found);
    double length = Math.hypot(x, y);
    assertEquals(x / length, found[0], 1e-6);
    assertEquals(y / length, found[1], 1e-6);
  }

  @Test
  void everyWayOfPoolingIsWhatItsNameSays() {
    // Medium 11 is the mean of (0, 2) and (0, 4).
    expect(pool(true, false, MediaPooling.MEAN_WITHIN_MEDIUM_THEN_SUM), 0, 4, 3);
    expect(pool(true, false, MediaPooling.SUM_OF_IMAGES), 0, 4, 6);
    expect(pool(false, false, MediaPooling.MEAN_WITHIN_MEDIUM_THEN_SUM), 0, 1, 1);
    expect(pool(false, false, MediaPooling.SUM_OF_IMAGES), 0, 1, 2);
    expect(pool(true, true, MediaPooling.MEAN_WITHIN_MEDIUM_THEN_SUM), 0, 2, 3);
    expect(pool(false, true, MediaPooling.SUM_OF_IMAGES), 0, 0.5, 2);
    expect(pool(true, false, MediaPooling.MEAN_WITHIN_MEDIUM_THEN_SUM), 4, 5, 5);
  }

  @Test
  void pairsAreComparedByTheCosineOfTheirTemplates() {
    // Templates: (0.8, 0.6), (0.6, 0.8), (0, 1), (1, 0), (0.71, 0.71). Genuine: 0.96 and 0.71;
    // impostors: 0.6, 0.8, 0 and 0.8.
    TemplateVerificationResult result =
        TemplateVerification.evaluate(
            pool(true, false, MediaPooling.MEAN_WITHIN_MEDIUM_THEN_SUM),
            new TemplateVerificationOptions(List.of(new FarTarget(0.1)), true, 20, 2),
            Progress.silent(),
            new SplittableRandom(1));
    assertEquals(2, result.genuinePairs());
    assertEquals(4, result.impostorPairs());
    assertEquals(0.5, result.metrics().get("tar@far=1e-1").value());
    assertEquals(0.5, result.metrics().get("tar@far=1e-1.nearest").value());
    // 0.96 beats all four, 0.71 two of them.
    assertEquals(6 / 8.0, result.metrics().get("auc").value(), 1e-12);
    // A replicate has one of the genuine pairs, the other, or both: an area of 1, 1/2 or 3/4; and
    // the rates meet at 0 or at 1/2.
    assertEquals(0.5, result.metrics().get("auc").low(), 1e-12);
    assertEquals(1, result.metrics().get("auc").high(), 1e-12);
    assertEquals(0, result.metrics().get("eer").low(), 1e-12);
    assertEquals(0.5, result.metrics().get("eer").high(), 1e-12);
    assertEquals(2, result.identities().getAsInt());
    assertTrue(result.metrics().get("tar@far=1e-1").note().contains("too few impostors"));
  }

  @Test
  void galleriesAreSearchedApartAndAveraged() {
    TemplateIdentification.Result result =
        TemplateIdentification.evaluate(
            pool(true, false, MediaPooling.MEAN_WITHIN_MEDIUM_THEN_SUM),
            GalleryFusion.MEAN_EMBEDDING,
            new IdentificationOptions(
                List.of(1, 2), List.of(new FarTarget(0.5)), FpirRule.ABOVE_KTH, 1, 20),
            2,
            Progress.silent(),
            new SplittableRandom(1));
    // G1: probe 2 at 0.96 is right; probe 5 is a stranger at 0.99, so 2 is not found.
    // G2: probe 5 is as similar to 3 as to 4: a tie, which does not push it back. Probe 2 is a
    // stranger at 0.8, above 5's 0.71.
    assertEquals(2, result.galleries().size());
    assertEquals("g1", result.galleries().get(0).gallery());
    assertEquals(1.0, result.average().metrics().get("rank1").value());
    assertEquals(1.0, result.average().metrics().get("fnir@fpir=5e-1").value());
    assertEquals(3, result.average().galleryIdentities());
    assertEquals(2, result.average().mated());
    assertEquals(2, result.average().nonMated());
  }

  @Test
  void imagesWithoutEmbeddingsAndEmbeddingsWithoutDirectionAreNamed() {
    EmbeddingMatrix few =
        new EmbeddingMatrix(List.of("1.jpg"), List.of("a"), 2, new float[] {1, 0});
    Failure.says(
        DataException.class,
        "image 1 of the list, 2.jpg, has no embedding",
        () -> TemplatePooling.imagesOf(protocol, few));
    float[] zero = IMAGES.clone();
    zero[6] = 0;
    zero[7] = 0;
    Failure.says(
        DataException.class,
        "image 3 is all zeros",
        () ->
            TemplatePooling.pool(
                protocol,
                EmbeddingRows.of("image", 2, zero),
                PoolingOptions.defaults(),
                Progress.silent()));
    float[] opposite = IMAGES.clone();
    opposite[15] = -5;
    opposite[14] = 0;
    Failure.says(
        DataException.class,
        "template 5 add up to a vector of squared length 0.0",
        () ->
            TemplatePooling.pool(
                protocol,
                EmbeddingRows.of("image", 2, opposite),
                PoolingOptions.defaults(),
                Progress.silent()));
    Failure.says(
        DataException.class,
        "has 8 images, and there are 1 embeddings",
        () ->
            TemplatePooling.pool(
                protocol,
                EmbeddingRows.of("image", 2, new float[] {1, 0}),
                PoolingOptions.defaults(),
                Progress.silent()));
  }
}
