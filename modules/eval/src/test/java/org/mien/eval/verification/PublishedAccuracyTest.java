package org.mien.eval.verification;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mien.eval.Golden.TOLERANCE;
import static org.mien.eval.Golden.number;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mien.core.error.DataException;
import org.mien.eval.Golden;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;

class PublishedAccuracyTest {
  static List<JsonNode> golden() {
    return Golden.cases("published");
  }

  private static ScoreSet scores(JsonNode node) {
    double[] cosines = Golden.doubles(node.required("cosines"));
    int[] fold = Golden.ints(node.required("fold"));
    List<ScoredPair> pairs = new ArrayList<>();
    for (int i = 0; i < cosines.length; i++) {
      boolean genuine = node.required("genuine").get(i).booleanValue();
      pairs.add(ScoredPair.anonymous(genuine, fold[i], new Similarity(cosines[i])));
    }
    return ScoreSet.ofPairs(pairs);
  }

  @ParameterizedTest
  @MethodSource("golden")
  void isWhatTheirRulesGiveInNumpy(JsonNode node) {
    for (PublishedAccuracy.Convention convention : PublishedAccuracy.Convention.values()) {
      JsonNode expected =
          node.required(convention.name().toLowerCase(Locale.ROOT).replace('_', '-'));
      PublishedAccuracy found = PublishedAccuracy.of(scores(node), convention);
      assertArrayEquals(
          Golden.doubles(expected.required("accuracies")),
          found.accuracies().stream().mapToDouble(Double::doubleValue).toArray(),
          TOLERANCE,
          convention.name());
      assertEquals(number(expected, "mean"), found.mean(), TOLERANCE);
      assertEquals(number(expected, "spread"), found.spread(), TOLERANCE);
    }
  }

  @Test
  void refusesWhatIsNoCosine() {
    ScoreSet scores =
        ScoreSet.ofPairs(
            List.of(
                ScoredPair.anonymous(true, 0, new Similarity(0.5)),
                ScoredPair.anonymous(false, 0, new Similarity(-0.5)),
                ScoredPair.anonymous(true, 1, new Similarity(2)),
                ScoredPair.anonymous(false, 1, new Similarity(0))));
    DataException e =
        assertThrows(
            DataException.class,
            () -> PublishedAccuracy.of(scores, PublishedAccuracy.Convention.INSIGHTFACE));
    assertEquals("pair 2: expected a cosine in [-1, 1], was 2.0", e.getMessage());
  }
}
