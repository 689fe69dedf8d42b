package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.ParameterException;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.mien.core.config.ConfigWriter;
import org.mien.core.error.ConfigException;
import org.mien.core.provenance.ProvenanceCollector;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.protocol.MegafaceList;
import org.mien.data.protocol.MegafaceLists;
import org.mien.eval.identification.MegafaceCleaning;
import org.mien.eval.identification.MegafaceResult;
import org.mien.eval.identification.MegafaceResultFile;
import org.mien.eval.metrics.MetricsFile;
import org.mien.eval.report.HtmlReport;
import org.mien.eval.uncertainty.IdentityBootstrap;
import org.mien.model.file.FaceModel;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.trainer.evaluation.MegafaceProtocol;
import org.mien.trainer.evaluation.ProtocolRun;
import org.mien.trainer.evaluation.ReportExtras;
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
          "What happens to noise: raw keeps it, left-out leaves it out; replaced and zeroed put the"
              + " person's centre in a probe's place, and make a distractor never similar (replaced,"
              + " as InsightFace's script) or a zero vector (zeroed, as FaceX-Zoo's)")
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

  @Parameter(
      names = "--leave-out-trained",
      description =
          "Leave out probes and distractors that show people the model was trained on, rather than"
              + " only report them")
  private boolean leaveOutTrained;

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
          case "zeroed" -> MegafaceCleaning.ZEROED;
          default ->
              throw new ConfigException(
                  "--cleaning: expected raw, left-out, replaced or zeroed, was " + cleaning);
        };
    boolean noises = probeNoises != null || distractorNoises != null;
    if (noises == (wanted == MegafaceCleaning.RAW)) {
      throw new ConfigException(
          "--cleaning: every one but raw needs --probe-noises or --distractor-noises, and these"
              + " mean nothing with raw");
    }
    extras.refuseButThumbnails();
    ReportExtras asked = extras.extras(out);
    MegafaceLists read = MegafaceLists.read(lists);
    Nd4jRuntime runtime = Nd4jRuntime.start();
    try (FaceModel opened = model.open()) {
      SeedStreams seeds = new SeedStreams(seed);
      FaceSamples probes = both.get(0).openAligned().samples();
      MegafaceProtocol.Outcome outcome =
          new MegafaceProtocol(
                  "megaface",
                  probes,
                  both.get(1).openAligned().samples(),
                  read,
                  wanted,
                  noises(probeNoises),
                  noises(distractorNoises),
                  leaveOutFailures,
                  leaveOutTrained,
                  opened.descriptor().preprocessing().crop())
              .run(
                  new ProtocolRun(
                      opened,
                      opened.embedder(),
                      new HashSet<>(opened.descriptor().trainingIdentities()),
                      IdentityBootstrap.DEFAULT_REPLICATES,
                      asked.thumbnails() > 0,
                      seeds,
                      console.progress()));
      EvaluationReport page =
          new EvaluationReport(
                  opened.descriptor(),
                  outcome.title(),
                  both.get(0).name() + " among " + both.get(1).name(),
                  ProvenanceCollector.start(
                          ConfigWriter.toYaml(opened.descriptor()),
                          seed,
                          opened.embedder().engine() + "; " + runtime.backend(),
                          Runtime.getRuntime().availableProcessors(),
                          commandLine())
                      .withInput("model " + model.file(), opened.embedder().fingerprint()))
              .add(outcome, asked, seeds);
      if (out != null) {
        page.speed(
            opened,
            opened.embedder(),
            model.file(),
            probes,
            opened.descriptor().preprocessing().crop());
      }
      report(outcome, page, opened.descriptor().name(), both.get(0).name(), console);
      if (!json) {
        outcome.leftOutInWords().ifPresent(console::result);
      }
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
    if (leaveOutTrained) {
      words.add("--leave-out-trained");
    }
    if (probeNoises != null) {
      words.addAll(List.of("--probe-noises", probeNoises.toString()));
    }
    if (distractorNoises != null) {
      words.addAll(List.of("--distractor-noises", distractorNoises.toString()));
    }
    return words;
  }

  private void report(
      MegafaceProtocol.Outcome outcome,
      EvaluationReport page,
      String modelName,
      String probes,
      Console console) {
    Map<String, MegafaceResult> results = outcome.results();
    MetricsFile metrics = MetricsFile.of(outcome.metrics());
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
}
