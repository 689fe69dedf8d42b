package org.mien.core.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingMatrixTest {
  private static final List<String> KEYS = List.of("A/1.jpg", "B/1.jpg");
  private static final List<String> PEOPLE = List.of("A", "B");

  private static EmbeddingMatrix matrix(float... values) {
    return new EmbeddingMatrix(KEYS, PEOPLE, values.length / 2, values);
  }

  private static String refusal(Runnable action) {
    return assertThrows(IllegalArgumentException.class, action::run).getMessage();
  }

  @Test
  void findsRowsByKey() {
    EmbeddingMatrix matrix = matrix(1, 2, 3, 4);
    assertEquals(1, matrix.rowOf("B/1.jpg"));
    assertEquals(-1, matrix.rowOf("C/1.jpg"));
    assertArrayEquals(new float[] {3, 4}, matrix.row(1));
    assertEquals(2, matrix.rows());
    assertEquals(2, matrix.dimension());
  }

  @Test
  void cosineIsThatOfTheAngle() {
    assertEquals(0.6, matrix(3, 4, 10, 0).cosine(0, 1), 1e-12);
    assertEquals(-1, matrix(1, 1, -2, -2).cosine(0, 1), 1e-12);
  }

  @Test
  void cosineDoesNotOverflowFloat() {
    assertEquals(1, matrix(1e30f, 1e30f, 1e30f, 1e30f).cosine(0, 1), 1e-12);
  }

  @Test
  void cosineNamesTheKeyThatHasNoDirection() {
    String problem = "the embedding of %s has no direction (norm 0 or not finite)";
    assertEquals(problem.formatted("B/1.jpg"), refusal(() -> matrix(1, 0, 0, 0).cosine(0, 1)));
    assertEquals(problem.formatted("A/1.jpg"), refusal(() -> matrix(0, 0, 1, 0).cosine(0, 1)));
    assertEquals(
        problem.formatted("A/1.jpg"), refusal(() -> matrix(Float.NaN, 0, 1, 0).cosine(0, 1)));
    assertEquals(
        problem.formatted("B/1.jpg"), refusal(() -> matrix(1, 0, Float.NaN, 0).cosine(0, 1)));
  }

  @Test
  void cosineNamesTheKeyThatIsInfinite() {
    assertEquals(
        "the embedding of B/1.jpg has no direction (norm 0 or not finite)",
        refusal(() -> matrix(1, 0, Float.POSITIVE_INFINITY, 0).cosine(0, 1)));
  }

  @Test
  void normalizedRowsHaveLengthOne() {
    assertArrayEquals(
        new float[] {0.6f, 0.8f, 0, -1}, matrix(3, 4, 0, -2).normalized().values(), 1e-7f);
  }

  @ParameterizedTest
  @ValueSource(floats = {0, Float.NaN, Float.POSITIVE_INFINITY})
  void normalizingNamesTheKeyThatCannotBe(float bad) {
    assertEquals(
        "the embedding of B/1.jpg cannot be normalised: squared norm " + (double) (bad * bad),
        refusal(() -> matrix(1, 0, bad, 0).normalized()));
  }

  @Test
  void refusesShapesThatDoNotFit() {
    assertEquals(
        "2 keys, 2 identities and 3 values do not make rows of 2",
        refusal(() -> new EmbeddingMatrix(KEYS, PEOPLE, 2, new float[3])));
    assertEquals(
        "2 keys, 1 identities and 4 values do not make rows of 2",
        refusal(() -> new EmbeddingMatrix(KEYS, List.of("A"), 2, new float[4])));
    assertEquals(
        "expected a dimension of at least 1, was 0",
        refusal(() -> new EmbeddingMatrix(List.of(), List.of(), 0, new float[0])));
  }

  @Test
  void refusesAKeyTwice() {
    assertEquals(
        "rows 0 and 1 share the key a",
        refusal(() -> new EmbeddingMatrix(List.of("a", "a"), PEOPLE, 1, new float[2])));
  }
}
