package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParameterException;
import com.beust.jcommander.Parameters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mien.core.embedding.EmbeddingMatrix;
import org.mien.core.error.ConfigException;
import org.mien.eval.search.EmbeddingRows;
import org.mien.eval.search.HnswIndex;
import org.mien.eval.search.HnswSettings;
import org.mien.eval.search.SearchRecall;
import org.mien.eval.uncertainty.Interval;

/** {@code mien index}: a graph beside a gallery, for {@code mien identify --search approximate}. */
@Parameters(
    commandDescription = "An index for approximate search in a gallery, with its measured recall")
final class IndexCommand extends HelpOption {
  @Parameter(
      description =
          "GALLERY.npy that mien embed wrote; GALLERY.hnsw is written beside it, or replaced")
  private List<Path> galleries = new ArrayList<>();

  @Parameter(
      names = "--m",
      description = "Links of a row to others: more find better, build slower, take more memory")
  private int m = 16;

  @Parameter(
      names = "--ef-construction",
      description = "Candidates kept while a row's links are looked for: more find better")
  private int efConstruction = 100;

  @Parameter(
      names = "--ef-search",
      description = "Candidates kept while a probe is looked for: more find better and slower")
  private int efSearch = 200;

  @Parameter(
      names = "--seed",
      description = "Of the graph and of the rows held out to measure its recall")
  private long seed;

  @Parameter(names = "--json", description = "Print JSON")
  private boolean json;

  @Override
  public int run(Console console) {
    if (galleries.size() != 1) {
      throw new ParameterException("expected one gallery NAME.npy, were " + galleries.size());
    }
    Path gallery = galleries.get(0);
    HnswSettings settings = settings();
    EmbeddingMatrix known = GalleryFile.read(gallery);
    Path file = GalleryFile.indexOf(gallery);
    long began = System.nanoTime();
    try (HnswIndex index =
        HnswIndex.build(
            EmbeddingRows.of(known),
            settings,
            Runtime.getRuntime().availableProcessors(),
            console.progress())) {
      double seconds = (System.nanoTime() - began) / 1e9;
      index.write(file);
      if (json) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("index", file.toString());
        result.put("rows", known.rows());
        result.put("dimension", known.dimension());
        result.put("m", m);
        result.put("efConstruction", efConstruction);
        result.put("efSearch", efSearch);
        result.put("seed", seed);
        result.put("seconds", seconds);
        result.put("recall", json(index.recall()));
        console.resultJson(result);
      } else {
        console.result(
            String.format(
                Locale.ROOT,
                "wrote: %s (%d x %d, m %d, ef-construction %d, ef-search %d, seed %d; built in"
                    + " %.1f s)",
                file,
                known.rows(),
                known.dimension(),
                m,
                efConstruction,
                efSearch,
                seed,
                seconds));
        console.result("recall against the exact search: " + inWords(index.recall()));
      }
      return 0;
    }
  }

  private HnswSettings settings() {
    try {
      return new HnswSettings(m, efConstruction, efSearch, seed);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("--" + e.getMessage(), e); // begins with the name
    }
  }

  static String inWords(SearchRecall recall) {
    return String.format(
        Locale.ROOT,
        "%s of the best matches, %s of the best %d (%d rows of the gallery held out)",
        inWords(recall.atOne(), recall.intervalAtOne()),
        inWords(recall.atK(), recall.intervalAtK()),
        recall.k(),
        recall.probes());
  }

  private static String inWords(double value, Interval interval) {
    return String.format(Locale.ROOT, "%.4f [%.4f, %.4f]", value, interval.low(), interval.high());
  }

  /** The recall as JSON: values between 0 and 1 with 95 % intervals. */
  static Map<String, Object> json(SearchRecall recall) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("probes", recall.probes());
    result.put("at1", json(recall.atOne(), recall.intervalAtOne()));
    result.put("k", recall.k());
    result.put("atK", json(recall.atK(), recall.intervalAtK()));
    return result;
  }

  private static Map<String, Object> json(double value, Interval interval) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("value", value);
    result.put("low", interval.low());
    result.put("high", interval.high());
    return result;
  }
}
