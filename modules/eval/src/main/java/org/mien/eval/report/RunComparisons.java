package org.mien.eval.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.eval.comparison.ComparisonOptions;
import org.mien.eval.comparison.ComparisonResult;
import org.mien.eval.comparison.DecisionTable;
import org.mien.eval.comparison.ModelComparison;
import org.mien.eval.comparison.PairedScores;
import org.mien.eval.comparison.ScoreFile;
import org.mien.eval.fairness.ComparedImages;
import org.mien.eval.score.ScoreSet;

/**
 * Runs against the first of them, on the pairs that both scored.
 *
 * @param paired one section for each protocol and run that could be paired
 * @param notPaired what could not be paired and why, one sentence each
 */
public record RunComparisons(List<ComparisonSection> paired, List<String> notPaired) {
  /** Where fewer of the pairs are shared, two runs were not about the same question. */
  private static final double LEAST_SHARED = 0.5;

  public RunComparisons {
    paired = List.copyOf(paired);
    notPaired = List.copyOf(notPaired);
  }

  /** Nothing is paired, for want of scores. */
  public static RunComparisons none() {
    return new RunComparisons(
        List.of(), List.of("Not paired: the runs keep no scores of single pairs."));
  }

  /**
   * Reads the scores that the runs keep, and compares each run with the first.
   *
   * @param runs at least two
   * @param folders of the scores of each run, see {@link ScoreFile#in}; need not exist
   * @param seed of the bootstrap
   * @throws DataException if a file of scores is damaged
   */
  public static RunComparisons of(
      List<ReportData> runs, List<Path> folders, ComparisonOptions options, long seed) {
    List<ComparisonSection> paired = new ArrayList<>();
    List<String> notPaired = new ArrayList<>();
    Map<String, String> titles = new LinkedHashMap<>();
    runs.get(0).verification().forEach(v -> titles.put(v.protocol(), v.title()));
    for (Map.Entry<String, String> protocol : titles.entrySet()) {
      Path ofFirst = ScoreFile.in(folders.get(0), protocol.getKey());
      List<ComparedImages> first = Files.exists(ofFirst) ? ScoreFile.read(ofFirst) : null;
      for (int i = 1; i < runs.size(); i++) {
        if (runs.get(i).verification().stream()
            .noneMatch(v -> v.protocol().equals(protocol.getKey()))) {
          continue;
        }
        Path ofOther = ScoreFile.in(folders.get(i), protocol.getKey());
        String what = protocol.getValue() + ", " + letter(i) + " against A";
        if (first == null || !Files.exists(ofOther)) {
          notPaired.add(
              "Not paired: "
                  + what
                  + ": "
                  + (first == null ? "A" : letter(i))
                  + " keeps no scores of single pairs.");
          continue;
        }
        Match match = new Match(protocol.getKey(), protocol.getValue(), what, letter(i), seed);
        match.compare(
            PairedScores.of(first, ScoreFile.read(ofOther)),
            "A",
            letter(i),
            options,
            paired,
            notPaired);
      }
    }
    if (paired.isEmpty() && notPaired.isEmpty()) {
      notPaired.add("Not paired: the runs have no verification protocol in common.");
    }
    return new RunComparisons(paired, notPaired);
  }

  private static String letter(int index) {
    return Character.toString((char) ('A' + index));
  }

  private record Match(String protocol, String title, String what, String letter, long seed) {
    void compare(
        PairedScores pairs,
        String first,
        String second,
        ComparisonOptions options,
        List<ComparisonSection> paired,
        List<String> notPaired) {
      long shared = pairs.first().size();
      String counts =
          String.format(
              "A scored %s pairs, %s scored %s; %s of them are the same",
              NumberText.count(shared + pairs.onlyFirst()),
              letter,
              NumberText.count(shared + pairs.onlySecond()),
              NumberText.count(shared));
      if (shared < LEAST_SHARED * (shared + Math.max(pairs.onlyFirst(), pairs.onlySecond()))
          || shared == 0) {
        notPaired.add("Not paired: " + what + ": " + counts + ", too few to compare on.");
        return;
      }
      try {
        ComparisonResult result =
            ModelComparison.compare(
                first,
                scores(pairs.first()),
                second,
                scores(pairs.second()),
                options,
                new SeedStreams(seed).stream("bootstrap/compare/" + protocol));
        paired.add(
            ComparisonSection.of(
                title,
                result,
                pairs.complete()
                    ? null
                    : "Not the same pairs: "
                        + counts
                        + ". Only these are compared, so the figures here are not those of the runs'"
                        + " own reports.",
                DecisionTable.of(pairs)));
      } catch (DataException e) {
        notPaired.add("Not paired: " + what + ": " + counts + ", and " + e.getMessage() + ".");
      }
    }

    private static ScoreSet scores(List<ComparedImages> pairs) {
      return ScoreSet.ofPairs(pairs.stream().map(ComparedImages::pair).toList());
    }
  }
}
