package org.mien.eval.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.mien.core.error.DataException;
import org.mien.eval.search.EmbeddingRows;

/**
 * Embeddings of a few people as points of a plane: the two directions in which they differ most
 * (principal component analysis of the embeddings scaled to length 1).
 *
 * @param description which images and people these are, as a sentence
 * @param dimension of the embeddings
 * @param firstShare share of the variance along the first axis, in [0, 1]; 0 for t-SNE, whose axes
 *     have none
 * @param secondShare share of the variance along the second axis, likewise
 * @param points one an image
 * @param method {@value #PCA} or {@value #TSNE}
 */
public record EmbeddingMap(
    String description,
    int dimension,
    double firstShare,
    double secondShare,
    List<Point> points,
    String method) {
  /** The two directions of largest variance. */
  public static final String PCA = "pca";

  /** Neighbours stay neighbours, as far as a plane has room. */
  public static final String TSNE = "tsne";

  /** The decomposition of a matrix of this size takes about a second. */
  public static final int MOST_ROWS = 600;

  /**
   * One embedding.
   *
   * @param x along the first axis
   * @param y along the second axis
   * @param identity whom the image shows
   */
  public record Point(double x, double y, String identity) {}

  public EmbeddingMap {
    points = ReportParts.list(points);
    method = method == null ? PCA : method;
    ReportParts.fraction("firstShare", firstShare);
    ReportParts.fraction("secondShare", secondShare);
  }

  /**
   * Maps embeddings. The sign of each axis is such that its largest coordinate is positive, so that
   * the same embeddings give the same map.
   *
   * @param rows 3 to {@value #MOST_ROWS}
   * @param identities of the rows
   * @throws DataException if an embedding is zero or not finite, naming the row
   */
  public static EmbeddingMap of(String description, EmbeddingRows rows, List<String> identities) {
    int count = rows.rows();
    int dimension = rows.dimension();
    if (count < 3 || count > MOST_ROWS || identities.size() != count) {
      throw new IllegalArgumentException(
          "expected 3 to "
              + MOST_ROWS
              + " embeddings with an identity each, were "
              + count
              + " and "
              + identities.size());
    }
    double[][] centred = centred(rows);
    // X X' and X' X have the same eigenvalues; the smaller is decomposed.
    boolean byRows = count <= dimension;
    int size = byRows ? count : dimension;
    double[][] products = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int k = 0; k < (byRows ? dimension : count); k++) {
          sum += byRows ? centred[i][k] * centred[j][k] : centred[k][i] * centred[k][j];
        }
        products[i][j] = sum;
        products[j][i] = sum;
      }
    }
    EigenDecomposition found = new EigenDecomposition(new Array2DRowRealMatrix(products, false));
    double total = 0;
    for (int i = 0; i < size; i++) {
      total += Math.max(0, found.getRealEigenvalue(i));
    }
    double[][] axes = new double[2][];
    double[] shares = new double[2];
    for (int axis = 0; axis < 2; axis++) {
      double value = Math.max(0, found.getRealEigenvalue(axis));
      shares[axis] = total > 0 ? Math.min(1, value / total) : 0;
      double[] vector = found.getEigenvector(axis).toArray();
      double[] along = new double[count];
      for (int row = 0; row < count; row++) {
        if (byRows) {
          along[row] = vector[row] * Math.sqrt(value);
        } else {
          for (int k = 0; k < dimension; k++) {
            along[row] += centred[row][k] * vector[k];
          }
        }
      }
      axes[axis] = signed(along);
    }
    List<Point> points = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      points.add(new Point(axes[0][row], axes[1][row], identities.get(row)));
    }
    return new EmbeddingMap(description, dimension, shares[0], shares[1], points, PCA);
  }

  /**
   * Maps embeddings by t-SNE; parameters as {@link #of}. Only who is whose neighbour can be read
   * off it: the distances between groups and their sizes mean nothing, and it draws groups whether
   * there are any or not.
   */
  public static EmbeddingMap byNeighbours(
      String description, EmbeddingRows rows, List<String> identities) {
    EmbeddingMap plane = of(description, rows, identities);
    double[][] found =
        NeighbourEmbedding.of(
            centred(rows),
            new double[][] {
              plane.points().stream().mapToDouble(Point::x).toArray(),
              plane.points().stream().mapToDouble(Point::y).toArray()
            });
    List<Point> points = new ArrayList<>();
    for (int row = 0; row < identities.size(); row++) {
      points.add(new Point(found[0][row], found[1][row], identities.get(row)));
    }
    return new EmbeddingMap(description, rows.dimension(), 0, 0, points, TSNE);
  }

  private static double[][] centred(EmbeddingRows rows) {
    int count = rows.rows();
    int dimension = rows.dimension();
    double[][] values = new double[count][dimension];
    double[] mean = new double[dimension];
    float[] row = new float[dimension];
    for (int i = 0; i < count; i++) {
      rows.read(i, 1, row);
      double squares = 0;
      for (float value : row) {
        squares += (double) value * value;
      }
      double norm = Math.sqrt(squares);
      if (!(norm > 0) || Double.isInfinite(norm)) {
        throw new DataException(
            rows.name(i) + ": expected an embedding of finite length above 0, was " + norm);
      }
      for (int k = 0; k < dimension; k++) {
        values[i][k] = row[k] / norm;
        mean[k] += values[i][k] / count;
      }
    }
    for (double[] value : values) {
      for (int k = 0; k < dimension; k++) {
        value[k] -= mean[k];
      }
    }
    return values;
  }

  private static double[] signed(double[] along) {
    double largest = 0;
    for (double value : along) {
      largest = Math.abs(value) > Math.abs(largest) ? value : largest;
    }
    if (largest < 0) {
      for (int i = 0; i < along.length; i++) {
        along[i] = -along[i];
      }
    }
    return along;
  }

  /** People by how many points they have, the most first. */
  List<String> mostFrequent(int most) {
    Map<String, Long> counts = new HashMap<>();
    points.forEach(point -> counts.merge(point.identity(), 1L, Long::sum));
    return counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(most)
        .map(Map.Entry::getKey)
        .toList();
  }
}
