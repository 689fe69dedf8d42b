package org.mien.eval.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.mien.eval.calibration.LogLikelihoodRatioCost;
import org.mien.eval.calibration.LogisticCalibration;
import org.mien.eval.fairness.Attribute;
import org.mien.eval.fairness.Attribute.Missing;
import org.mien.eval.fairness.ComparedImages;
import org.mien.eval.fairness.FairnessEvaluation;
import org.mien.eval.fairness.GlobalThreshold;
import org.mien.eval.metrics.Metric;
import org.mien.eval.metrics.MetricsFile;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;
import org.mien.eval.search.EmbeddingRows;
import org.mien.eval.verification.CurveBands;
import org.mien.eval.verification.EqualErrorRate;
import org.mien.eval.verification.RocCurve;

/**
 * Reports with drawn, not measured, numbers, to look at and to test against. Run {@code main} to
 * get pages under {@code target/report-example}.
 */
final class ExampleReport {
  private ExampleReport() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments.length > 0 ? arguments[0] : "target/report-example");
    Files.createDirectories(folder);
    HtmlReport.write(full(158), folder.resolve("large.html"));
    HtmlReport.write(full(12), folder.resolve("small.html"));
    HtmlReport.write(troubled(), folder.resolve("troubled.html"));
    HtmlReport.write(full(30), folder.resolve("thirty.html"));
    HtmlReport.write(everything(), folder.resolve("everything.html"));
    ReportCurves.write(everything(), folder);
    System.out.println(folder.toAbsolutePath());
  }

  static RunSummary summary() {
    return new RunSummary(
        "lfw-head-2026-11-24-0930",
        "mobilefacenet-512, frozen, with a trained 512-d head",
        "LFW deep-funneled (news photographs of public figures)");
  }

  /** A run with every section, naming {@code identities} people. */
  static ReportData full(int identities) {
    Random random = new Random(7);
    ClassificationSection classification = classification(random, identities);
    VerificationSection heldOut =
        verification(random, "heldOut", "Held-out people", 300, 300, 32, 0);
    VerificationSection lfw = verification(random, "lfw", "LFW View 2", 3000, 3000, 4281, 10);
    Map<String, Map<String, Metric>> results = new LinkedHashMap<>();
    results.put("classification", Map.of("accuracy", classification.accuracy()));
    for (VerificationSection section : List.of(heldOut, lfw)) {
      Map<String, Metric> metrics = new LinkedHashMap<>();
      metrics.put("accuracy", section.accuracy());
      metrics.put("auc", section.auc());
      metrics.put("eer", section.equalErrorRate());
      for (TarAtFarRow row : section.tarAtFar()) {
        if (row.tar() != null) {
          metrics.put("tar@far=" + NumberText.small(row.targetFar()), row.tar());
        }
      }
      results.put(section.protocol(), metrics);
    }
    return ReportData.builder(
            "Head on LFW: 512 dimensions, softmax", "2026-11-24T09:30:00Z", summary())
        .keyFigure(
            new KeyFigure(
                "Accuracy, naming " + identities + " people on held-out images",
                classification.accuracy(),
                FigureStyle.PERCENT))
        .keyFigure(
            new KeyFigure("F1, macro", classification.averages().get(0).f1(), FigureStyle.PERCENT))
        .keyFigure(
            new KeyFigure(
                "Accuracy, pairs of held-out people", heldOut.accuracy(), FigureStyle.PERCENT))
        .keyFigure(
            new KeyFigure(
                "TAR at FAR 1 %, held-out people",
                heldOut.tarAtFar().get(1).tar().withNote("rests on 3 impostor pairs"),
                FigureStyle.PERCENT))
        .keyFigure(new KeyFigure("Accuracy, LFW View 2", lfw.accuracy(), FigureStyle.PERCENT))
        .baseline(
            new BaselineComparison(
                "accuracy on held-out images",
                "nearest class centroid on the frozen features",
                classification.accuracy(),
                Metric.of(0.9815, 0.970, 0.989, 864)))
        .classification(classification)
        .verification(heldOut)
        .verification(lfw)
        .training(training(random, 20))
        .data(
            new DataSection(
                "LFW deep-funneled, the middle 125 of 250 pixels, resized to 112 × 112.",
                List.of(
                    new SplitCounts("training", 3124, identities, "trains the head"),
                    new SplitCounts("validation", 336, identities, "chooses the epoch"),
                    new SplitCounts("held-out images", 864, identities, "reported: naming"),
                    new SplitCounts("held-out people", 211, 32, "reported: pairs")),
                List.of(
                    new SkippedImage("Aaron_Peirsol/Aaron_Peirsol_0003.jpg", "truncated JPEG"),
                    new SkippedImage("Zico/notes.jpg", "not an image: text"))))
        .export(
            new ExportSection(
                "onnx",
                "export/model.onnx",
                14_312_448,
                "9f1ba174e4e1c508ff7cdf10ac338a7d9f1ba174e4e1c508ff7cdf10ac338a7d",
                64,
                3.6e-7,
                1e-5))
        .export(
            new ExportSection(
                "dl4j",
                "export/model.zip",
                13_901_220,
                "17d05bd522c52d84eca14327a23d494a17d05bd522c52d84eca14327a23d494a",
                64,
                0,
                1e-6))
        .resolvedConfig(
            """
            seed: 7
            data:
              type: lfw
              folder: lfw-deepfunneled
              crop: {kind: centre, share: 0.5}
            model:
              backbone:
                type: onnx
                weights: mobilefacenet-512.onnx
                cache: on
              head: {dimension: 512}
              loss: {type: softmax}
            optimizer: {type: adam, learningRate: 0.001}
            """)
        .provenance("Commit", "d2d9f9b0c3a94f0fd1f5c4f1d2d0f5a7d1b1e2c3")
        .provenance("Java", "17.0.15 (Debian)")
        .provenance("System", "Linux amd64, 2 cores, OpenBLAS and oneDNN")
        .provenance("Seed", "7")
        .provenance(
            "Weights", "sha256 5132f7440eb68cf58910c8a45a2ac10b5132f7440eb68cf58910c8a45a2ac10b")
        .notTested("Differences between groups of people were not measured.")
        .notTested("Photographs shown to the camera (presentation attacks) were not tested.")
        .metrics(new MetricsFile(1, results))
        .build();
  }

  /** A report with every kind of section, computed from drawn scores by the evaluations. */
  static ReportData everything() {
    Random random = new Random(11);
    List<ComparedImages> pairs = pairs(random, 40);
    List<ScoredPair> scored = pairs.stream().map(ComparedImages::pair).toList();
    ScoreSet scores = ScoreSet.ofPairs(scored);
    SplittableRandom draws = new SplittableRandom(3);
    VerificationSection base = verification(scores);
    ReportDataBuilder report =
        ReportData.builder("Everything a report can hold", "2026-11-24T09:30:00Z", summary());
    report.verification(
        base.with(
            BandPoint.of(CurveBands.of(scores, CurveBands.logGrid(3, 6), 40, 0.95, draws.split())),
            ThresholdAdvice.of(
                scores,
                List.of(new FarTarget(0.1), new FarTarget(0.01), new FarTarget(1e-4)),
                40,
                draws.split()),
            CalibrationCost.of(
                "logistic regression",
                "other people",
                LogLikelihoodRatioCost.of(
                    scores, LogisticCalibration.of(scores), 20, draws.split()))));
    report.identification(identification());
    report.identification(
        new IdentificationSection(
            "megaface",
            "MegaFace, 10,000 distractors",
            null,
            1,
            10_000,
            5400,
            0,
            0,
            List.of(rank(1, 0.91), rank(10, 0.955), rank(100, 0.98)),
            List.of(rank(1, 0.91), rank(4, 0.94), rank(10, 0.955), rank(60, 0.98)),
            List.of(),
            List.of(),
            List.of(
                new TarAtFarRow(1e-4, Metric.of(0.93, 0.92, 0.94, 5400), 0.41, 9.9e-5),
                new TarAtFarRow(1e-6, Metric.of(0.88, 0.86, 0.9, 5400), 0.52, 9e-7)),
            5_300_000L));
    report.template(
        new TemplateSection(
            "ijbc",
            "IJB-C 1:1",
            null,
            "norm kept, not weighted, mean within medium, then sum",
            19_557,
            15_638_932,
            3531L,
            Metric.of(0.9931, 15_658_489),
            Metric.of(0.021, 15_658_489),
            List.of(
                new TemplateSection.Row(
                    "at most",
                    new TarAtFarRow(1e-4, Metric.of(0.951, 0.945, 0.957, 19_557), 0.3, 9.99e-5)),
                new TemplateSection.Row(
                    "nearest",
                    new TarAtFarRow(1e-4, Metric.of(0.9511, 0.945, 0.957, 19_557), 0.3, 1e-4))),
            base.curve()));
    Map<String, String> groups = new LinkedHashMap<>();
    String[] names = {"African", "Asian", "Caucasian", "Indian"};
    for (int i = 0; i < 40; i++) {
      groups.put(name(i), names[i % names.length]);
    }
    report.fairness(
        FairnessSection.of(
            "LFW View 2",
            FairnessEvaluation.evaluate(
                pairs,
                new Attribute("ethnicity", Attribute.Keys.IDENTITY, groups, Missing.OWN_GROUP),
                GlobalThreshold.atFmr(scores, new FarTarget(0.05)),
                40,
                draws.split())));
    report.strata(
        new StrataSection(
            "ageGapYears",
            "LFW View 2",
            "threshold 0.31, given",
            List.of(
                new StrataSection.Stratum("[0,5)", 30, CountedRate.of(4, 400)),
                new StrataSection.Stratum("[5,10)", 22, CountedRate.of(12, 250)),
                new StrataSection.Stratum("[10,30)", 7, CountedRate.of(3, 20))),
            null));
    report.comparison(
        new ComparisonSection(
            "LFW View 2",
            "baseline-128",
            "mobilefacenet-512",
            3000,
            3000,
            4281,
            List.of(
                new ComparisonSection.Figure(
                    "accuracy", 0.981, 0.992, Metric.of(0.011, 0.006, 0.017, 6000), 0.002, true),
                new ComparisonSection.Figure(
                    "eer", 0.02, 0.009, Metric.of(-0.011, -0.018, -0.004, 6000), 0.002, true),
                new ComparisonSection.Figure(
                    "tar@far=1e-3", 0.94, 0.95, Metric.of(0.01, -0.02, 0.04, 3000), 0.48, false))));
    report.worstPairs(
        WorstPairsSection.of(
            "lfw",
            "LFW View 2",
            pairs,
            new Similarity(0.3),
            "given",
            5,
            key -> Optional.of(picture())));
    report.embeddingMap(map(random));
    report.performance(
        new PerformanceSection(
            "2 cores, 8 GB, OpenBLAS, 2 threads",
            1_200_000L,
            4_900_000L,
            512,
            List.of(
                PerformanceSection.Latency.of(
                    "embedding", 1, new long[] {8_000_000, 8_400_000, 9_100_000}))));
    report.acquisition(
        new AcquisitionSection(
            "Pairs with such an image count as refused.",
            List.of(
                AcquisitionSection.Stage.of("reading", 2, 13_233),
                AcquisitionSection.Stage.of("detection", 40, 13_231))));
    report.overlap(
        OverlapSection.of(
            "LFW View 2",
            List.of("Ana_Abernathy", "Someone"),
            groups.keySet(),
            "The 12 pairs of these people were left out."));
    ReportData full = full(12);
    return report
        .training(full.training())
        .classification(full.classification())
        .metrics(full.metrics())
        .data(full.data())
        .export(full.exports().get(0))
        .provenance("Seed", "7")
        .build();
  }

  /** The section of drawn scores, its curve and histogram counted by the evaluations. */
  private static VerificationSection verification(ScoreSet scores) {
    VerificationSection like =
        verification(new Random(3), "lfw", "LFW View 2", 3000, 3000, 4281, 10);
    RocCurve roc = RocCurve.of(scores);
    List<ErrorRatePoint> curve = new ArrayList<>();
    for (int i = 0; i < roc.points(); i++) {
      curve.add(new ErrorRatePoint(roc.threshold(i).value(), roc.far(i), roc.fnmr(i)));
    }
    var bins = org.mien.eval.verification.ScoreHistogram.of(scores, 50);
    return new VerificationSection(
        like.protocol(),
        like.title(),
        like.description(),
        scores.genuineCount(),
        scores.impostorCount(),
        40,
        true,
        like.intervalBasis(),
        like.accuracy(),
        like.auc(),
        Metric.of(EqualErrorRate.of(roc).value(), scores.impostorCount()),
        like.scoreName(),
        like.threshold(),
        like.thresholdRule(),
        curve,
        new ScoreHistogram(bins.lowest(), bins.highest(), bins.genuine(), bins.impostors()),
        like.folds(),
        like.tarAtFar(),
        like.leftOut());
  }

  static IdentificationSection identification() {
    List<ErrorRatePoint> curve = new ArrayList<>();
    for (int k = 0; k <= 400; k += k < 40 ? 1 : 9) {
      curve.add(
          new ErrorRatePoint(
              0.7 - 0.001 * k, k / 400.0, Math.max(0.01, 0.3 - 0.035 * Math.sqrt(k))));
    }
    return new IdentificationSection(
        "gallery",
        "Gallery of 500 people",
        "One image of each in the gallery, all others are searched for.",
        1,
        500,
        2100,
        400,
        3,
        List.of(rank(1, 0.94), rank(5, 0.97), rank(10, 0.98), rank(50, 0.995)),
        List.of(),
        List.of(
            new IdentificationSection.OpenSetRate(
                0.1, 0.41, 0.0975, Metric.of(0.08, 0.06, 0.1, 2100)),
            new IdentificationSection.OpenSetRate(
                0.001,
                0.66,
                0,
                Metric.of(0.3, 0.25, 0.36, 2100).withNote("too few non-mated probes"))),
        List.of(new IdentificationSection.OpenSetSeries("gallery", curve)),
        List.of(),
        null);
  }

  private static IdentificationSection.RankRate rank(int rank, double rate) {
    return new IdentificationSection.RankRate(
        rank, Metric.of(rate, rate - 0.02, Math.min(1, rate + 0.01), 2100));
  }

  /** Every person against two others and, twice, against themselves. */
  static List<ComparedImages> pairs(Random random, int people) {
    List<ComparedImages> pairs = new ArrayList<>();
    for (int i = 0; i < people; i++) {
      for (int j = 0; j < people; j++) {
        boolean genuine = i == j;
        int copies = genuine ? 20 : 1;
        for (int copy = 0; copy < copies; copy++) {
          double score =
              (genuine ? 0.6 : 0.05 + 0.02 * (i % 4))
                  + (genuine ? 0.14 : 0.1) * random.nextGaussian();
          pairs.add(
              new ComparedImages(
                  name(i) + "/" + copy + ".jpg",
                  name(j) + "/" + (copy + 1) + ".jpg",
                  new ScoredPair(
                      name(i), name(j), genuine, ScoredPair.NO_FOLD, new Similarity(score))));
        }
      }
    }
    return pairs;
  }

  /** Embeddings around a centre of each of a dozen people. */
  static EmbeddingMap map(Random random) {
    int people = 12;
    int images = 15;
    int dimension = 24;
    float[] values = new float[people * images * dimension];
    List<String> identities = new ArrayList<>();
    for (int person = 0; person < people; person++) {
      double[] centre = random.doubles(dimension, -1, 1).toArray();
      for (int image = 0; image < images; image++) {
        for (int k = 0; k < dimension; k++) {
          values[identities.size() * dimension + k] =
              (float) (centre[k] + 0.2 * random.nextGaussian());
        }
        identities.add(name(person));
      }
    }
    return EmbeddingMap.of(
        "12 people, drawn at random.",
        EmbeddingRows.of("embedding", dimension, values),
        identities);
  }

  /** A grey square, showing nobody. */
  static byte[] picture() {
    BufferedImage image = new BufferedImage(24, 24, BufferedImage.TYPE_BYTE_GRAY);
    image.setRGB(12, 12, 0xffffff);
    try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
      ImageIO.write(image, "png", out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A run of which nearly everything should be doubted. */
  static ReportData troubled() {
    List<SkippedImage> skipped = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      skipped.add(
          new SkippedImage("x/" + i + ".jpg", i % 3 == 0 ? "truncated JPEG" : "not an image"));
    }
    VerificationSection perfect =
        new VerificationSection(
            "heldOut",
            "Held-out people",
            null,
            10,
            10,
            5,
            false,
            IntervalBasis.PAIRS,
            Metric.of(1, 0.83, 1, 20),
            Metric.of(1, 20),
            Metric.of(0, 20),
            "cosine similarity",
            0.31,
            null,
            List.of(
                new ErrorRatePoint(Double.POSITIVE_INFINITY, 0, 1),
                new ErrorRatePoint(0.4, 0, 0),
                new ErrorRatePoint(-1, 1, 0)),
            null,
            List.of(),
            List.of(new TarAtFarRow(0.001, null, null, null)),
            null);
    return ReportData.builder("<script>alert('x')</script> & \"friends\"", "yesterday", summary())
        .baseline(
            new BaselineComparison(
                "accuracy on held-out images",
                "nearest class centroid on the frozen features",
                Metric.of(0.94, 0.90, 0.97, 200),
                Metric.of(0.98, 0.95, 0.99, 200)))
        .verification(perfect)
        .export(new ExportSection("onnx", "m.onnx", 12, "00", 4, 0.02, 1e-5))
        .data(new DataSection(null, List.of(new SplitCounts("test", 400, 5, null)), skipped))
        .build();
  }

  static ClassificationSection classification(Random random, int identities) {
    List<IdentityScores> rows = new ArrayList<>();
    List<ConfusionCell> cells = new ArrayList<>();
    long[] named = new long[identities];
    long[] right = new long[identities];
    long[] images = new long[identities];
    for (int i = 0; i < identities; i++) {
      images[i] = 3L + random.nextInt(9);
      long wrong = random.nextInt(6) == 0 ? 1 + random.nextInt(2) : 0;
      right[i] = images[i] - wrong;
      named[i] += right[i];
      cells.add(new ConfusionCell(name(i), name(i), right[i]));
      if (wrong > 0) {
        int other = (i + 1 + random.nextInt(identities - 1)) % identities;
        named[other] += wrong;
        cells.add(new ConfusionCell(name(i), name(other), wrong));
      }
    }
    for (int i = 0; i < identities; i++) {
      Double precision = named[i] == 0 ? null : (double) right[i] / named[i];
      double recall = (double) right[i] / images[i];
      Double f1 = precision == null ? null : 2 * precision * recall / (precision + recall);
      rows.add(new IdentityScores(name(i), images[i], right[i], precision, recall, f1));
    }
    long total = Arrays.stream(images).sum();
    double accuracy = (double) Arrays.stream(right).sum() / total;
    Metric metric = Metric.of(accuracy, accuracy - 0.014, Math.min(1, accuracy + 0.009), total);
    Metric macro = Metric.of(accuracy - 0.004, accuracy - 0.02, accuracy + 0.01, total);
    return new ClassificationSection(
        "held-out images, every fifth of each person",
        total,
        metric,
        List.of(
            new AveragedScores("macro", macro, macro, macro),
            new AveragedScores("micro", metric, metric, metric),
            new AveragedScores("weighted", metric, metric, Metric.of(accuracy - 0.001, total))),
        rows,
        cells);
  }

  static VerificationSection verification(
      Random random,
      String protocol,
      String title,
      int genuine,
      int impostor,
      int people,
      int folds) {
    double[] genuineScores =
        random.doubles(genuine).map(u -> 0.62 + 0.11 * random.nextGaussian()).toArray();
    double[] impostorScores =
        random.doubles(impostor).map(u -> 0.05 + 0.10 * random.nextGaussian()).toArray();
    int hard = genuine / 60;
    for (int i = 0; i < hard; i++) {
      genuineScores[i] = 0.2 + 0.08 * random.nextGaussian();
    }
    Arrays.sort(genuineScores);
    Arrays.sort(impostorScores);
    double threshold = 0.3121;
    List<ErrorRatePoint> curve = curve(genuineScores, impostorScores);
    double accuracy =
        (count(genuineScores, threshold) + impostor - count(impostorScores, threshold))
            / (double) (genuine + impostor);
    List<TarAtFarRow> rows = new ArrayList<>();
    for (double far : new double[] {0.1, 0.01, 0.001, 0.0001}) {
      int allowed = (int) Math.floor(far * impostor + 1e-9);
      if (allowed == 0) {
        rows.add(new TarAtFarRow(far, null, null, null));
        continue;
      }
      double score = impostorScores[impostor - allowed];
      double tar = count(genuineScores, score) / (double) genuine;
      rows.add(
          new TarAtFarRow(
              far,
              Metric.of(tar, tar - 0.02, Math.min(1, tar + 0.01), genuine),
              score,
              count(impostorScores, score) / (double) impostor));
    }
    List<FoldScores> foldRows = new ArrayList<>();
    for (int fold = 1; fold <= folds; fold++) {
      foldRows.add(
          new FoldScores(
              fold,
              (genuine + impostor) / folds,
              Math.min(1, accuracy + 0.004 * random.nextGaussian()),
              threshold + 0.004 * random.nextGaussian()));
    }
    return new VerificationSection(
        protocol,
        title,
        "Pairs drawn from people kept out of training; scored without flipping.",
        genuine,
        impostor,
        people,
        true,
        folds > 0 ? IntervalBasis.FOLDS : IntervalBasis.PEOPLE,
        Metric.of(accuracy, accuracy - 0.013, Math.min(1, accuracy + 0.008), genuine + impostor),
        Metric.of(0.9978, 0.994, 0.9995, genuine + impostor),
        equalErrorRate(curve, genuine + impostor),
        "cosine similarity",
        threshold,
        folds > 0 ? "mean of the folds" : "chosen on the validation people",
        curve,
        histogram(genuineScores, impostorScores),
        foldRows,
        rows,
        new LeftOutPairs(
            folds > 0 ? 412 : 0,
            folds > 0 ? 6412 : genuine + impostor,
            folds > 0 ? 158 : 0,
            "These people were trained on; scoring them would test memory, not recognition."));
  }

  static TrainingSection training(Random random, int epochs) {
    List<EpochScores> rows = new ArrayList<>();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      double loss = 4.2 * Math.exp(-epoch / 3.0) + 0.02;
      rows.add(
          new EpochScores(
              epoch,
              loss,
              4.1 * Math.exp(-epoch / 3.2) + 0.09 + 0.006 * Math.max(0, epoch - 12),
              1 - 0.7 * Math.exp(-epoch / 2.0),
              0.985 - 0.6 * Math.exp(-epoch / 2.1) + 0.001 * random.nextGaussian(),
              epoch <= 10 ? 1e-3 : 1e-4));
    }
    return new TrainingSection(
        rows, 12, "The validation loss did not fall for 8 epochs.", 41.3, 1512.0, 3124L, 0L, 0.04);
  }

  static String name(int i) {
    String[] first = {"Ana", "Boris", "Chen", "Dara", "Eyvind", "Fatou", "Gisela", "Hugo"};
    String[] last = {"Abernathy", "Brandt", "Castellanos", "Dubois", "Eriksen"};
    return first[i % first.length]
        + "_"
        + last[i / first.length % last.length]
        + (i >= 40 ? "_" + i / 40 : "");
  }

  private static Metric equalErrorRate(List<ErrorRatePoint> curve, long pairs) {
    for (ErrorRatePoint point : curve) {
      if (point.falseMatchRate() >= point.falseNonMatchRate()) {
        double rate = point.falseMatchRate();
        return Metric.of(rate, rate / 2, rate * 2, pairs);
      }
    }
    throw new IllegalStateException("both rates meet somewhere");
  }

  private static long count(double[] sorted, double threshold) {
    return Arrays.stream(sorted).filter(score -> score >= threshold).count();
  }

  private static List<ErrorRatePoint> curve(double[] genuine, double[] impostor) {
    double[] all = new double[genuine.length + impostor.length];
    System.arraycopy(genuine, 0, all, 0, genuine.length);
    System.arraycopy(impostor, 0, all, genuine.length, impostor.length);
    Arrays.sort(all);
    List<ErrorRatePoint> points = new ArrayList<>();
    points.add(new ErrorRatePoint(Double.POSITIVE_INFINITY, 0, 1));
    for (int i = all.length - 1; i >= 0; i--) {
      points.add(
          new ErrorRatePoint(
              all[i],
              count(impostor, all[i]) / (double) impostor.length,
              1 - count(genuine, all[i]) / (double) genuine.length));
    }
    return points;
  }

  private static ScoreHistogram histogram(double[] genuine, double[] impostor) {
    int bins = 50;
    Long[] g = new Long[bins];
    Long[] im = new Long[bins];
    Arrays.fill(g, 0L);
    Arrays.fill(im, 0L);
    for (double score : genuine) {
      g[bin(score, bins)]++;
    }
    for (double score : impostor) {
      im[bin(score, bins)]++;
    }
    return new ScoreHistogram(-0.4, 1, List.of(g), List.of(im));
  }

  private static int bin(double score, int bins) {
    return Math.max(0, Math.min(bins - 1, (int) ((score + 0.4) / 1.4 * bins)));
  }
}
