package org.mien.eval.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.util.hnsw.HnswGraph;
import org.apache.lucene.util.hnsw.HnswGraphBuilder;
import org.apache.lucene.util.hnsw.HnswGraphSearcher;
import org.bytedeco.javacpp.FloatPointer;
import org.mien.core.error.DataException;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;

/**
 * Approximate search in a gallery: a hierarchical navigable small world graph ({@link HnswSettings}
 * names the paper), built and walked by Lucene. Its walk meets a few thousand rows of the gallery
 * instead of all, and may miss the most similar ones; {@link #recall} says how often it did.
 *
 * <p>Rows that it meets are compared as they are, not in a reduced form: a similarity is the cosine
 * that {@link ExactSearch} gives, so that a threshold means the same. Error rates are not to be
 * computed from it: a mate that the walk misses is not one that the model rejects.
 *
 * <p>Lucene's builder adds one row at a time, so that the same rows and settings give the same
 * graph on every machine, up to the last bits of OpenBLAS's products.
 *
 * <p>Memory: the rows once more, outside the heap; {@code 8 m} bytes a row for the links, and while
 * it is built about three times as much. Not for several threads.
 */
public final class HnswIndex implements AutoCloseable {
  /** Rows held out for the recall at most, and how many best matches of each are looked at. */
  private static final int MOST_HELD_OUT = 1000;

  private static final int MATCHES_MEASURED = 10;

  private final EmbeddingRows gallery;
  private final UnitRows unit;
  private final StoredGraph graph;
  private final HnswSettings settings;
  private final SearchRecall recall;
  private boolean closed;

  HnswIndex(
      EmbeddingRows gallery,
      UnitRows unit,
      StoredGraph graph,
      HnswSettings settings,
      SearchRecall recall) {
    this.gallery = gallery;
    this.unit = unit;
    this.graph = graph;
    this.settings = settings;
    this.recall = recall;
  }

  /**
   * Builds the graph. A tenth of the rows, at most {@value #MOST_HELD_OUT}, are put in last: before
   * that each is looked for among the others, approximately and exactly.
   *
   * @param gallery at least 2 rows
   * @param threads for the exact search; the graph is built by one
   * @throws DataException if there are fewer, or an embedding is not finite or zero, naming the row
   */
  public static HnswIndex build(
      EmbeddingRows gallery, HnswSettings settings, int threads, Progress.Factory progress) {
    int rows = gallery.rows();
    if (rows < 2) {
      throw new DataException("an index needs at least 2 embeddings, found " + rows);
    }
    int[] order = IntStream.range(0, rows).toArray();
    SeedStreams.shuffle(order, new SeedStreams(settings.seed()).stream("index/held-out"));
    int heldOut = Math.min(MOST_HELD_OUT, Math.max(1, rows / 10));
    int[] probes = IntStream.of(order).limit(heldOut).sorted().toArray();
    int[] others = IntStream.of(order).skip(heldOut).sorted().toArray();
    UnitRows unit = UnitRows.of(gallery);
    try (Progress shown = progress.start("index", "rows", rows)) {
      HnswGraphBuilder builder =
          HnswGraphBuilder.create(
              unit, settings.m(), settings.efConstruction(), settings.seed(), rows);
      for (int i = 0; i < others.length; i++) {
        builder.addGraphNode(others[i]);
        shown.advanceTo(i + 1);
      }
      SearchRecall recall =
          measure(builder.getGraph(), unit, gallery, probes, others, settings, threads);
      for (int i = 0; i < probes.length; i++) {
        builder.addGraphNode(probes[i]);
        shown.advanceTo(others.length + i + 1);
      }
      return new HnswIndex(
          gallery, unit, StoredGraph.of(builder.getCompletedGraph()), settings, recall);
    } catch (IOException e) {
      unit.close();
      throw new UncheckedIOException("nothing is read while a graph is built", e);
    } catch (RuntimeException | Error e) {
      unit.close();
      throw e;
    }
  }

  private static SearchRecall measure(
      HnswGraph graph,
      UnitRows unit,
      EmbeddingRows gallery,
      int[] probes,
      int[] others,
      HnswSettings settings,
      int threads)
      throws IOException {
    int k = Math.min(MATCHES_MEASURED, others.length);
    TopMatches exact = new TopMatches(k);
    ExactSearch.run(
        gallery.select(probes), gallery.select(others), List.of(exact), threads, Progress.silent());
    List<List<Match>> found = new ArrayList<>();
    for (int probe : probes) {
      found.add(best(unit.scorer(probe), graph, k, settings.efSearch()));
    }
    return recall(exact, others, found, k);
  }

  /** Compares with the exact search; apart from {@link #measure} that a test can see it count. */
  static SearchRecall recall(Matches exact, int[] rowOf, List<List<Match>> found, int k) {
    int first = 0;
    long inK = 0;
    for (int probe = 0; probe < found.size(); probe++) {
      BitSet best = new BitSet();
      for (int place = 0; place < k; place++) {
        best.set(rowOf[exact.row(probe, place)]);
      }
      for (int place = 0; place < found.get(probe).size(); place++) {
        Match match = found.get(probe).get(place);
        if (best.get(match.row()) || equals(match, exact.similarity(probe, k - 1))) {
          inK++;
        }
        if (place == 0
            && (match.row() == rowOf[exact.row(probe, 0)]
                || equals(match, exact.similarity(probe, 0)))) {
          first++;
        }
      }
    }
    return new SearchRecall(found.size(), k, first, inK);
  }

  /** Sums of 32-bit floats in another order: 1e-6 apart is the same. */
  private static boolean equals(Match match, float similarity) {
    return match.similarity() >= similarity - 1e-6f;
  }

  /** A row that was found. */
  record Match(int row, float similarity) {}

  private static List<Match> best(UnitRows.Scorer scorer, HnswGraph graph, int k, int efSearch)
      throws IOException {
    KnnCollector collector = new TopKnnCollector(Math.max(k, efSearch), Integer.MAX_VALUE);
    HnswGraphSearcher.search(scorer, collector, graph, null);
    List<Match> found = new ArrayList<>();
    for (ScoreDoc met : collector.topDocs().scoreDocs) {
      found.add(new Match(met.doc, scorer.cosine(met.doc)));
    }
    found.sort(
        Comparator.comparingDouble((Match match) -> -match.similarity())
            .thenComparingInt(Match::row));
    return found.subList(0, Math.min(k, found.size()));
  }

  /**
   * Looks for probes one after the other. Of equally similar rows the earlier come first, as in
   * {@link TopMatches}.
   *
   * @param k how many rows of each, at least 1; there may be fewer
   * @throws DataException if the dimensions differ or a probe is not finite or zero, naming it
   * @throws IllegalStateException if the index is closed
   */
  public Matches search(EmbeddingRows probes, int k) {
    if (closed) {
      throw new IllegalStateException("the index is closed, and the rows it compares are freed");
    }
    if (k < 1) {
      throw new IllegalArgumentException("expected at least 1 match, were " + k);
    }
    if (probes.dimension() != gallery.dimension()) {
      throw new DataException(
          "the probes have dimension "
              + probes.dimension()
              + " and the gallery "
              + gallery.dimension()
              + "; both must come from one model");
    }
    List<List<Match>> found = new ArrayList<>();
    float[] probe = new float[probes.dimension()];
    try (FloatPointer one = new FloatPointer((long) probes.dimension())) {
      for (int row = 0; row < probes.rows(); row++) {
        probes.read(row, 1, probe);
        UnitLength.scale(probes, row, 1, probe);
        one.put(probe, 0, probe.length);
        found.add(
            best(
                unit.scorer(one),
                graph.walk(),
                Math.min(k, gallery.rows()),
                Math.min(settings.efSearch(), gallery.rows())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is read while a graph is walked", e);
    }
    return new Found(found);
  }

  private record Found(List<List<Match>> all) implements Matches {
    @Override
    public int count(int probe) {
      return all.get(probe).size();
    }

    @Override
    public int row(int probe, int place) {
      return all.get(probe).get(place).row();
    }

    @Override
    public float similarity(int probe, int place) {
      return all.get(probe).get(place).similarity();
    }
  }

  /** Returns what it was built with. */
  public HnswSettings settings() {
    return settings;
  }

  /** Returns what was measured when it was built. */
  public SearchRecall recall() {
    return recall;
  }

  /**
   * Writes graph, settings, recall and the gallery's fingerprint, under a temporary name first;
   * docs/formats.md describes the file. The embeddings are not in it.
   */
  public void write(Path file) {
    HnswFile.write(file, gallery, graph, settings, recall);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param gallery that it was built for
   * @throws DataException if the file is missing, damaged or of another gallery, or an embedding is
   *     not finite or zero
   */
  public static HnswIndex read(Path file, EmbeddingRows gallery) {
    HnswFile.Content content = HnswFile.read(file, gallery);
    return new HnswIndex(
        gallery, UnitRows.of(gallery), content.graph(), content.settings(), content.recall());
  }

  /** Frees the copy of the rows, so that nothing can be searched any more. */
  @Override
  public void close() {
    closed = true;
    unit.close();
  }
}
