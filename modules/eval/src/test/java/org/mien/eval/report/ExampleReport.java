package org.mien.eval.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.mien.eval.metrics.Metric;
import org.mien.eval.metrics.MetricsFile;

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
