package org.mien.eval.fairness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.mien.core.error.DataException;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;
import org.mien.eval.uncertainty.ClopperPearson;

class FairnessEvaluationTest {
  private static final GlobalThreshold HALF = GlobalThreshold.given(new Similarity(0.5));

  private static ComparedImages pair(String a, String b, double similarity) {
    return new ComparedImages(
        a + "_1.jpg",
        b + "_2.jpg",
        new ScoredPair(a, b, a.equals(b), ScoredPair.NO_FOLD, new Similarity(similarity)));
  }

  private static Attribute gender(Map<String, String> values, Attribute.Missing missing) {
    return new Attribute("gender", Attribute.Keys.IDENTITY, values, missing);
  }

  private static FairnessResult evaluate(List<ComparedImages> pairs, Attribute attribute) {
    return FairnessEvaluation.evaluate(pairs, attribute, HALF, 200, new SplittableRandom(1));
  }

  /** Groups x and y of four people each; the group of a ninth is not known. */
  private static List<ComparedImages> table() {
    List<ComparedImages> pairs = new ArrayList<>();
    for (int copy = 0; copy < 10; copy++) {
      for (int i = 0; i < 4; i++) {
        // FNMR 1/10 in x and 4/10 in y.
        pairs.add(pair("x" + i, "x" + i, copy < 1 ? 0.4 : 0.9));
        pairs.add(pair("y" + i, "y" + i, copy < 4 ? 0.4 : 0.9));
        // FMR 2/10 within x, 5/10 within y, 1/10 between.
        pairs.add(pair("x" + i, "x" + (i + 1) % 4, copy < 2 ? 0.6 : 0.1));
        pairs.add(pair("y" + i, "y" + (i + 1) % 4, copy < 5 ? 0.6 : 0.1));
        pairs.add(pair("x" + i, "y" + i, copy < 1 ? 0.6 : 0.1));
      }
    }
    pairs.add(pair("z", "z", 0.9));
    pairs.add(pair("z", "x0", 0.1));
    return pairs;
  }

  private static Map<String, String> tableGroups() {
    Map<String, String> groups = new HashMap<>();
    for (int i = 0; i < 4; i++) {
      groups.put("x" + i, "X");
      groups.put("y" + i, " Y ");
    }
    return groups;
  }

  @Test
  void countsByHand() {
    FairnessResult result = evaluate(table(), gender(tableGroups(), Attribute.Missing.LEFT_OUT));
    assertEquals(List.of("X", "Y"), result.groups().stream().map(GroupFigures::group).toList());
    GroupFigures x = result.groups().get(0);
    assertEquals(4, x.identities());
    assertEquals(8, x.images());
    assertEquals(0.1, x.fnmr().rate().orElseThrow().value());
    assertEquals(4, x.fnmr().errors());
    assertEquals(40, x.fnmr().trials());
    assertEquals(0.2, x.fmr().rate().orElseThrow().value());
    assertEquals(0.5, result.metrics().get("fmr@gender=Y").value());
    assertEquals(0.4, result.metrics().get("fnmr@gender=Y").value());
    assertEquals(0.1, result.metrics().get("fmr@gender=X*Y").value());
    assertEquals(3, result.crossGroups().size());
    assertEquals(2, result.leftOutPairs());
    assertEquals(20 / 81.0, result.fnmr().rate().orElseThrow().value(), 1e-15);

    assertEquals("Y", result.fmrInequality().highest());
    assertEquals("X", result.fmrInequality().lowest());
    assertEquals(2.5, result.metrics().get("fmr.maxOverMin@gender").value(), 1e-12);
    assertEquals(
        0.5 / Math.sqrt(0.2 * 0.5),
        result.metrics().get("fmr.maxOverGeometricMean@gender").value(),
        1e-12);
    // Of two groups: |a - b| / (a + b), the factor n / (n - 1) included.
    assertEquals(0.3 / 0.7, result.metrics().get("fmr.gini@gender").value(), 1e-12);
    assertEquals(4, result.metrics().get("fnmr.maxOverMin@gender").value(), 1e-12);
    assertTrue(result.notes().stream().anyMatch(n -> n.startsWith("2 pairs with an image")));
    assertTrue(result.notes().get(0).contains("given, not set on these data"));
  }

  @Test
  void imagesWithoutAValueCanBeAGroupOfTheirOwnThatIsTooSmall() {
    FairnessResult result = evaluate(table(), gender(tableGroups(), Attribute.Missing.OWN_GROUP));
    GroupFigures unknown = result.groups().get(0);
    assertEquals(Attribute.UNKNOWN, unknown.group());
    assertEquals(1, unknown.identities());
    assertEquals(Optional.empty(), unknown.fmr().rate());
    assertEquals(1, unknown.fnmr().trials());
    assertTrue(unknown.fnmr().tooFew());
    assertTrue(unknown.fnmr().rate().orElseThrow().note().startsWith("too few genuine trials"));
    assertEquals(List.of("X", "Y"), result.fnmrInequality().groups());
    assertEquals("too few trials, left out: (unknown)", result.fnmrInequality().note());
    assertEquals(0, result.leftOutPairs());
  }

  @Test
  void measuresOfInequalityFollowTheirFormulas() {
    double[] rates = {0.01, 0.02, 0.04};
    assertEquals(4, Inequality.maxOverMin(rates), 1e-12);
    assertEquals(2, Inequality.maxOverGeometricMean(rates), 1e-12);
    // Differences 1, 3, 2, each twice: 12 / (2 * 9 * 7 / 3) * 3 / 2.
    assertEquals(12 / 42.0 * 1.5, Inequality.gini(rates), 1e-12);
    assertEquals(0, Inequality.gini(new double[] {0.3, 0.3, 0.3}), 1e-15);
    assertEquals(1, Inequality.gini(new double[] {0, 0, 0, 0.2}), 1e-15);
  }

  @Test
  void saysWhereAProtocolHasNoPairsBetweenGroups() {
    List<ComparedImages> within =
        table().stream()
            .filter(p -> p.pair().identityA().charAt(0) == p.pair().identityB().charAt(0))
            .toList();
    FairnessResult result = evaluate(within, gender(tableGroups(), Attribute.Missing.LEFT_OUT));
    assertTrue(
        result.notes().stream().anyMatch(n -> n.contains("no impostor pairs between groups")));
    assertEquals(Optional.empty(), result.crossGroups().get(1).fmr().rate());
    assertFalse(result.metrics().containsKey("fmr@gender=X*Y"));
  }

  @Test
  void withoutAnErrorInAGroupTheRatioIsNotDefinedButGiniIs() {
    List<ComparedImages> pairs =
        table().stream()
            .filter(
                p ->
                    !(p.pair().identityA().startsWith("x")
                        && p.pair().genuine()
                        && p.pair().similarity().value() < 0.5))
            .toList();
    FairnessResult result = evaluate(pairs, gender(tableGroups(), Attribute.Missing.LEFT_OUT));
    assertEquals(Optional.empty(), result.fnmrInequality().maxOverMin());
    assertEquals(1, result.fnmrInequality().gini().orElseThrow().value(), 1e-12);
    assertTrue(result.fnmrInequality().note().startsWith("X has no error"));
    Metric rate = result.groups().get(0).fnmr().rate().orElseThrow();
    assertEquals(ClopperPearson.interval(0, 36, 0.95).high(), rate.high());
    assertTrue(rate.note().contains("Clopper-Pearson"));
  }

  @Test
  void valuesByImageSplitPairsOfOnePerson() {
    Map<String, String> bands = new HashMap<>();
    for (ComparedImages pair : table()) {
      bands.put(pair.imageA(), "young");
      bands.put(pair.imageB(), pair.imageB().startsWith("x") ? "young" : "old");
    }
    FairnessResult result =
        evaluate(
            table(), new Attribute("age", Attribute.Keys.IMAGE, bands, Attribute.Missing.LEFT_OUT));
    // Those of Y and z.
    assertEquals(41, result.genuineAcrossGroups());
    assertTrue(result.notes().stream().anyMatch(n -> n.contains("genuine pairs are between")));
  }

  @Test
  void theThresholdForATargetIsThatOfAllImpostorPairs() {
    ScoreSet scores = ScoreSet.ofPairs(table().stream().map(ComparedImages::pair).toList());
    GlobalThreshold threshold = GlobalThreshold.atFmr(scores, new FarTarget(0.3));
    assertEquals(Math.nextUp(0.1), threshold.threshold().value());
    assertTrue(threshold.statement().contains("FMR of 3e-1 on all 121 impostor pairs"));
    assertTrue(threshold.statement().contains("equal impostor scores"));
  }

  @Test
  void theOrderOfThePairsDoesNotMatter() {
    List<ComparedImages> shuffled = new ArrayList<>(table());
    Collections.shuffle(shuffled, new Random(3));
    FairnessResult a = evaluate(table(), gender(tableGroups(), Attribute.Missing.OWN_GROUP));
    FairnessResult b = evaluate(shuffled, gender(tableGroups(), Attribute.Missing.OWN_GROUP));
    assertEquals(a.metrics().keySet(), b.metrics().keySet());
    a.metrics().forEach((name, m) -> assertEquals(m.value(), b.metrics().get(name).value(), 1e-15));
  }

  /** Rates that differ from person to person; groups with a rate of their own. */
  private static List<ComparedImages> simulated(Random random, double[] fnmr, int people) {
    List<ComparedImages> pairs = new ArrayList<>();
    for (int g = 0; g < fnmr.length; g++) {
      for (int i = 0; i < people; i++) {
        // Beta-like spread: half of the people are hard.
        double own = fnmr[g] * (random.nextBoolean() ? 1.6 : 0.4);
        for (int k = 0; k < 8; k++) {
          pairs.add(pair("g" + g + "_" + i, "g" + g + "_" + i, random.nextDouble() < own ? 0 : 1));
        }
      }
    }
    return pairs;
  }

  private static Map<String, String> simulatedGroups(int groups, int people) {
    Map<String, String> values = new HashMap<>();
    for (int g = 0; g < groups; g++) {
      for (int i = 0; i < people; i++) {
        values.put("g" + g + "_" + i, "group" + g);
      }
    }
    return values;
  }

  @Test
  void intervalsCoverTheTruthAboutAsOftenAsTheySay() {
    for (double[] fnmr : new double[][] {{0.1, 0.1, 0.1}, {0.1, 0.2, 0.3}}) {
      int rate = 0;
      int ratio = 0;
      int gini = 0;
      int runs = 60;
      for (int run = 0; run < runs; run++) {
        FairnessResult result =
            FairnessEvaluation.evaluate(
                simulated(new Random(500 + run), fnmr, 60),
                gender(simulatedGroups(3, 60), Attribute.Missing.LEFT_OUT),
                HALF,
                200,
                new SplittableRandom(run));
        rate += holds(result.metrics().get("fnmr@gender=group0"), fnmr[0]) ? 1 : 0;
        ratio +=
            holds(result.metrics().get("fnmr.maxOverMin@gender"), Inequality.maxOverMin(fnmr))
                ? 1
                : 0;
        gini += holds(result.metrics().get("fnmr.gini@gender"), Inequality.gini(fnmr)) ? 1 : 0;
      }
      String covered = rate + ", " + ratio + " and " + gini + " of " + runs;
      System.out.println("coverage of FNMR, ratio and Gini: " + covered);
      // Binomial(60, 0.95) is below 50 with probability 0.002; 0.9 is as much as can be asked.
      assertTrue(rate >= 49 && ratio >= 49 && gini >= 49, covered);
    }
  }

  private static boolean holds(Metric metric, double truth) {
    assertNotNull(metric.low(), metric.toString());
    return metric.low() <= truth + 1e-12 && truth <= metric.high() + 1e-12;
  }

  @Test
  void errorsNameTheRow() {
    List<ComparedImages> anonymous =
        List.of(
            pair("x0", "x0", 0.9),
            new ComparedImages(null, null, ScoredPair.anonymous(true, 0, new Similarity(0.1))));
    DataException e =
        assertThrows(
            DataException.class,
            () -> evaluate(anonymous, gender(tableGroups(), Attribute.Missing.LEFT_OUT)));
    assertTrue(e.getMessage().startsWith("pair 1: attribute gender"), e.getMessage());
    e =
        assertThrows(
            DataException.class,
            () -> evaluate(table(), gender(Map.of("nobody", "X"), Attribute.Missing.LEFT_OUT)));
    assertTrue(e.getMessage().contains("none of the 202 pairs has a value"), e.getMessage());
  }

  @Test
  void strataOfGenuinePairsAreCountedByHand() {
    Map<String, Double> years = new HashMap<>();
    List<ComparedImages> pairs = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String name = "p" + i;
      // Gaps of 0, 5 and 20 years with 0, 4 and 8 of 12 misses; 4 of unknown age.
      int kind = i < 36 ? i / 12 : 3;
      if (kind < 3) {
        years.put(name + "_1.jpg", 40.0);
        years.put(name + "_2.jpg", 40.0 - new int[] {0, 5, 20}[kind]);
      }
      pairs.add(pair(name, name, kind < 3 && i % 12 < 4 * kind ? 0.1 : 0.9));
      pairs.add(pair(name, "p" + (i + 1) % 40, 0.1));
    }
    PairQuantity gap =
        PairQuantity.ofImages("ageGapYears", pairs, years, PairQuantity.Rule.ABSOLUTE_DIFFERENCE);
    StrataResult result =
        StrataEvaluation.evaluate(
            pairs, gap, List.of(5.0, 10.0), HALF, 200, new SplittableRandom(1));
    assertEquals(
        List.of("<5", "[5,10)", ">=10"),
        result.strata().stream().map(StrataResult.Stratum::label).toList());
    assertEquals(0, result.metrics().get("fnmr@ageGapYears=<5").value());
    assertEquals(4 / 12.0, result.metrics().get("fnmr@ageGapYears=[5,10)").value());
    assertEquals(8 / 12.0, result.metrics().get("fnmr@ageGapYears=>=10").value());
    assertEquals(12, result.strata().get(0).identities());
    assertEquals(4, result.unknown().orElseThrow().fnmr().trials());
    assertEquals(">=10", result.inequality().highest());
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                StrataEvaluation.evaluate(
                    pairs.subList(0, 3), gap, List.of(5.0), HALF, 20, new SplittableRandom(1)));
    assertTrue(e.getMessage().contains("each of 3 pairs, found 80"), e.getMessage());
  }
}
