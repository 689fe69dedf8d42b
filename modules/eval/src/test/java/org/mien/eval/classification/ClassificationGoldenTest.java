package org.mien.eval.classification;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mien.eval.Golden.TOLERANCE;
import static org.mien.eval.Golden.number;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mien.eval.Golden;

class ClassificationGoldenTest {
  static List<JsonNode> golden() {
    return Golden.cases("classification");
  }

  @ParameterizedTest
  @MethodSource("golden")
  void figuresAreThoseOfScikitLearn(JsonNode expected) {
    int[] actual = Golden.ints(expected.required("actual"));
    float[][] scores = Golden.rows(expected.required("scores"));
    int identities = expected.required("identities").intValue();
    int[] predicted = TopK.best(scores);
    assertArrayEquals(Golden.ints(expected.required("predicted")), predicted);
    ConfusionMatrix confusion = ConfusionMatrix.of(actual, predicted, identities);
    assertEquals(number(expected, "accuracy"), confusion.accuracy(), TOLERANCE);
    assertEquals(number(expected, "balancedAccuracy"), confusion.balancedAccuracy(), TOLERANCE);
    Map.of(
            "macro", confusion.macro(),
            "micro", confusion.micro(),
            "weighted", confusion.weighted())
        .forEach(
            (name, found) -> {
              JsonNode wanted = expected.required("averages").required(name);
              assertEquals(number(wanted, "precision"), found.precision(), TOLERANCE, name);
              assertEquals(number(wanted, "recall"), found.recall(), TOLERANCE, name);
              assertEquals(number(wanted, "f1"), found.f1(), TOLERANCE, name);
            });
    double[] precision = Golden.doubles(expected.required("precision"));
    double[] recall = Golden.doubles(expected.required("recall"));
    double[] f1 = Golden.doubles(expected.required("f1"));
    for (int identity = 0; identity < identities; identity++) {
      assertEquals(precision[identity], confusion.precision(identity), TOLERANCE);
      assertEquals(recall[identity], confusion.recall(identity), TOLERANCE);
      assertEquals(f1[identity], confusion.f1(identity), TOLERANCE);
      int[] row = Golden.ints(expected.required("confusion").get(identity));
      for (int other = 0; other < identities; other++) {
        assertEquals(row[other], confusion.count(identity, other));
      }
    }
    for (int k : new int[] {1, 2, 5}) {
      assertEquals(
          number(expected.required("top"), String.valueOf(k)),
          TopK.of(scores, actual, k).accuracy(),
          TOLERANCE);
    }
  }

  @Test
  void nearestCentroidPredictsAsTheDefinitionInNumPy() {
    JsonNode expected = Golden.read().required("centroids");
    NearestCentroid baseline =
        NearestCentroid.of(
            Golden.rows(expected.required("features")),
            Golden.ints(expected.required("labels")),
            expected.required("identities").intValue());
    assertArrayEquals(
        Golden.ints(expected.required("predicted")),
        baseline.predict(Golden.rows(expected.required("probes"))));
  }
}
