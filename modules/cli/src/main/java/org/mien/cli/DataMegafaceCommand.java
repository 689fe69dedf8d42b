package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParameterException;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mien.core.error.ConfigException;
import org.mien.core.random.SeedStreams;
import org.mien.data.protocol.MegafaceLists;

/** {@code mien data megaface}: a MegaFace of one's own. */
@Parameters(commandDescription = "Lists of the MegaFace kit from own probes and own distractors")
final class DataMegafaceCommand extends HelpOption {
  @ParametersDelegate private final DatasetArgument sources = new DatasetArgument();

  @Parameter(names = "--sizes", description = "How many distractors the lists have")
  private List<Integer> sizes = new ArrayList<>(List.of(10, 100, 1000));

  @Parameter(names = "--sets", description = "How many lists of each size")
  private int sets = 1;

  @Parameter(names = "--seed", description = "Seed of the draws")
  private long seed = 1;

  @Parameter(names = "--out", required = true, description = "Folder of the lists")
  private Path out;

  @Override
  public int run(Console console) {
    List<DatasetArgument.Named> both = sources.all();
    if (both.size() != 2) {
      throw new ParameterException(
          "expected two SOURCEs, the probes and the distractors, was " + both.size());
    }
    MegafaceLists lists;
    try {
      lists =
          MegafaceLists.draw(
              both.get(0).open().samples(),
              both.get(1).open().samples(),
              sizes,
              sets,
              new SeedStreams(seed));
    } catch (IllegalArgumentException e) {
      throw new ConfigException("--sizes, --sets: " + e.getMessage(), e);
    }
    lists.write(out);
    console.result(
        String.format(
            Locale.ROOT,
            "%d probes, %d lists of distractors: %s",
            lists.probes().paths().size(),
            lists.distractors().size(),
            out));
    return 0;
  }
}
