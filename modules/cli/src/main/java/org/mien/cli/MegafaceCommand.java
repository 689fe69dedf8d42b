package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParameterException;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.mien.core.config.ConfigWriter;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.provenance.ProvenanceCollector;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.protocol.MegafaceList;
import org.mien.data.protocol.MegafaceLists;
import org.mien.eval.identification.MegafaceCleaning;
import org.mien.eval.identification.MegafaceOptions;
import org.mien.eval.identification.MegafaceResult;
import org.mien.eval.identification.MegafaceResultFile;
import org.mien.eval.metrics.Metric;
import org.mien.eval.metrics.MetricsFile;
import org.mien.eval.report.HtmlReport;
import org.mien.model.file.FaceModel;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.trainer.evaluation.MegafaceProtocol;
import org.mien.trainer.experiment.EvaluationReport;

/** {@code mien megaface}: MegaFace's protocol, on its lists or on lists of one's own. */
@Parameters(commandDescription = "MegaFace's protocol: probes among growing numbers of distractors")
final class MegafaceCommand extends HelpOption {
  @ParametersDelegate private final ModelArgument model = new ModelArgument();

  @ParametersDelegate private final DatasetArgument sources = new DatasetArgument();

  @Parameter(
      names = "--lists",
      required = true,
      description = "Folder of the lists, MegaFace's or those that mien data megaface wrote")
  private Path lists;

  @Parameter(
      names = "--cleaning",
      description =
          "What happens to noise: raw keeps it, left-out leaves it out, replaced puts the person's"
              + " centre in its place as InsightFace's script does")
  private String cleaning = "raw";

  @Parameter(names = "--probe-noises", description = "Probes whose labels are wrong, one a line")
  private Path probeNoises;

  @Parameter(
      names = "--distractor-noises",
      description = "Distractors that show a probe's person, one a line")
  private Path distractorNoises;

  @Parameter(
      names = "--leave-out-failures",
      description =
          "Leave out and count images that cannot be read or in which no face is found, rather than"
              + " end with an error")
  private boolean leaveOutFailures;

  @Parameter(names = "--seed", description = "Seed of the bootstrap and of replaced noise")
  private long seed = 1;

  @Parameter(
      names = "--out",
      description = "Folder for metrics.json, report.html and the kit's result files, cmc_*.json")
  private Path out;

  @ParametersDelegate private final ReportOption extras = new ReportOption();

  @Parameter(names = "--json", description = "Print metrics.json on standard output")
  private boolean json;

  @Override
  public int run(Console console) {
    List<DatasetArgument.Named> both = sources.all();
    if (both.size() != 2) {
      throw new ParameterException(
          "expected two SOURCEs, the probes and the distractors, was " + both.size());
    }
    MegafaceCleaning wanted =
        switch (cleaning) {
          case "raw" -> MegafaceCleaning.RAW;
          case "left-out" -> MegafaceCleaning.LEFT_OUT;
          case "replaced" -> MegafaceCleaning.REPLACED;
          default ->
              throw new ConfigException(
                  "--cleaning: expected raw, left-out or replaced, was " + cleaning);
        };
    boolean noises = probeNoises != null || distractorNoises != null;
    if (noises == (wanted == MegafaceCleaning.RAW)) {
      throw new ConfigException(
          "--cleaning: left-out and replaced need --probe-noises or --distractor-noises, and these"
              + " mean nothing with raw");
    }
    extras.refuseButThumbnails();
    int thumbnails = extras.extras(out).thumbnails();
    MegafaceLists read = readLists();
    Nd4jRuntime runtime = Nd4jRuntime.start();
    try (FaceModel opened = model.open()) {
      FaceSamples probes = both.get(0).openAligned().samples();
      MegafaceProtocol.Outcome outcome =
          new MegafaceProtocol(
                  probes,
                  both.get(1).openAligned().samples(),
                  read,
                  wanted,
                  noises(probeNoises),
                  noises(distractorNoises),
                  leaveOutFailures,
                  opened.descriptor().preprocessing().crop())
              .run(
                  opened.embedder(),
                  MegafaceOptions.defaults(),
                  thumbnails > 0,
                  new SeedStreams(seed),
                  console.progress());
      List<String> people = read.probes().ids().orElseThrow();
      EvaluationReport page =
          new EvaluationReport(
                  opened.descriptor(),
                  "MegaFace's protocol",
                  both.get(0).name() + " among " + both.get(1).name(),
                  ProvenanceCollector.start(
                          ConfigWriter.toYaml(opened.descriptor()),
                          seed,
                          opened.embedder().engine() + "; " + runtime.backend(),
                          Runtime.getRuntime().availableProcessors(),
                          commandLine())
                      .withInput("model " + model.file(), opened.embedder().fingerprint()))
              .megaface(outcome, thumbnails)
              .overlap("the probes", people, null);
      if (out != null) {
        page.speed(
            opened,
            opened.embedder(),
            model.file(),
            probes,
            opened.descriptor().preprocessing().crop());
      }
      report(outcome.results(), page, opened.descriptor().name(), both.get(0).name(), console);
      if (!outcome.failures().isEmpty()) {
        console.say(
            String.format(
                "mien: left out %d images (failures to acquire), the first: %s (%s)",
                outcome.failures().size(),
                outcome.failures().get(0).key(),
                outcome.failures().get(0).reason()));
      }
      return 0;
    }
  }

  private List<String> commandLine() {
    List<String> words = new ArrayList<>(List.of("megaface", "--model", model.file().toString()));
    words.addAll(sources.words());
    words.addAll(List.of("--lists", lists.toString(), "--cleaning", cleaning));
    if (leaveOutFailures) {
      words.add("--leave-out-failures");
    }
    extras.addWords(words);
    return words;
  }

  private void report(
      Map<String, MegafaceResult> results,
      EvaluationReport page,
      String modelName,
      String probes,
      Console console) {
    Map<String, Map<String, Metric>> figures = new LinkedHashMap<>();
    results.forEach((end, result) -> figures.put("megaface-" + end, result.metrics()));
    MetricsFile metrics = MetricsFile.of(figures);
    if (out != null) {
      ReportFiles.write(page.data(metrics), metrics, out);
      results.forEach(
          (end, result) -> {
            String[] sizeAndSet = end.split("_", -1);
            result
                .file()
                .write(
                    out,
                    new MegafaceResultFile.Name(
                        probes.replaceAll("[^A-Za-z0-9]", ""),
                        modelName.replaceAll("[^A-Za-z0-9._-]", "-"),
                        Integer.parseInt(sizeAndSet[0]),
                        Integer.parseInt(sizeAndSet[1])));
          });
      console.say("mien: report " + out.resolve(HtmlReport.FILE_NAME));
    }
    if (json) {
      console.resultJson(metrics);
      return;
    }
    results.forEach(
        (end, result) ->
            console.result(
                String.format(
                    Locale.ROOT,
                    "megaface-%s: %d probes of %d people, %d mate pairs, %d distractors",
                    end,
                    result.probes(),
                    result.people(),
                    result.matePairs(),
                    result.distractors())));
    MetricsTable.of(metrics).forEach(console::result);
  }

  private static Set<String> noises(Path file) {
    return file == null ? Set.of() : MegafaceList.readNoises(file);
  }

  private MegafaceLists readLists() {
    Map<String, MegafaceList> distractors = new TreeMap<>();
    String beginning = MegafaceLists.DISTRACTORS + "_";
    try (DirectoryStream<Path> files = Files.newDirectoryStream(lists, beginning + "*")) {
      for (Path file : files) {
        String end = file.getFileName().toString().substring(beginning.length());
        if (end.matches("[0-9]{1,9}_[0-9]{1,9}")) {
          distractors.put(end, MegafaceList.read(file));
        }
      }
    } catch (IOException e) {
      throw DataException.in(lists, "cannot be listed (" + e.getMessage() + ")", e);
    }
    if (distractors.isEmpty()) {
      throw DataException.in(
          lists,
          "has no list "
              + beginning
              + "SIZE_SET; mien data megaface PROBES DISTRACTORS --out DIR writes some");
    }
    Path probes = lists.resolve(MegafaceLists.PROBES);
    MegafaceList known = MegafaceList.read(probes);
    if (known.ids().isEmpty()) {
      throw DataException.in(probes, "has no ids; expected a list of probes");
    }
    return new MegafaceLists(known, distractors);
  }
}
