package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.data.descriptor.DatasetDescriptor;
import org.mien.data.integrity.CheckOptions;
import org.mien.data.integrity.CheckReport;
import org.mien.data.integrity.CheckedFile;
import org.mien.data.integrity.CheckedProtocol;
import org.mien.data.integrity.CheckedSet;
import org.mien.data.integrity.DamageCheck;
import org.mien.data.integrity.DatasetCheck;
import org.mien.data.integrity.Finding;
import org.mien.data.integrity.SetRole;
import org.mien.data.integrity.Severity;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.protocol.Protocol;
import org.mien.data.protocol.ProtocolConfig;
import org.mien.data.sampling.Split;

/** {@code mien data check}: whether a result on this data can be believed. */
@Parameters(
    commandDescription = "Damage, duplicates, leaks between sets, counts that differ; exit code 3")
final class DataCheckCommand extends HelpOption {
  /** Files beyond this are image sets in containers, whose checksum would take minutes. */
  private static final long MOST_BYTES_OF_A_LIST = 256 << 20;

  @ParametersDelegate private final DatasetArgument sources = new DatasetArgument();

  @Parameter(
      names = "--roles",
      description =
          "What each SOURCE is used for: train, validation, test or evaluation, with commas. By"
              + " default the first is trained on and the others are evaluated on; a recipe is"
              + " divided as its split says")
  private List<String> roles = new ArrayList<>();

  @Parameter(
      names = "--thorough",
      description = "Look for damage inside JPEGs that decoders hide, too; about twice the time")
  private boolean thorough;

  @Parameter(
      names = "--near",
      description = "Near duplicates differ in at most so many of 64 bits; -1 for no search")
  private int near = CheckOptions.DEFAULT_NEAR_DISTANCE;

  @Parameter(names = "--mirrored", description = "Look for mirrored duplicates, too")
  private boolean mirrored;

  @Parameter(names = "--examples", description = "How many cases of each finding are shown")
  private int examples = 5;

  @Parameter(names = "--threads", description = "Images read at once")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Parameter(names = "--json", description = "Print JSON")
  private boolean json;

  @Override
  public int run(Console console) {
    CheckOptions options = options();
    List<CheckedSet> sets = new ArrayList<>();
    List<CheckedProtocol> protocols = new ArrayList<>();
    List<CheckedFile> files = new ArrayList<>();
    List<DatasetArgument.Named> all = sources.all();
    if (!roles.isEmpty() && roles.size() != all.size()) {
      throw new ConfigException(
          "--roles: expected one for each SOURCE, " + all.size() + ", was " + roles.size());
    }
    for (int i = 0; i < all.size(); i++) {
      add(all.get(i), i, sets, protocols, files);
    }
    // A signal ends the process when the interruption is closed, so printing lies inside.
    try (Interruption interruption = Interruption.watch(console, "what was found is printed")) {
      CheckReport report =
          DatasetCheck.run(
              sets, protocols, files, options, console.progress(), interruption::requested);
      if (json) {
        console.resultJson(report);
      } else {
        print(report, console);
      }
      if (!report.complete()) {
        console.say("mien: stopped before the end; more may be wrong");
        return Main.INTERRUPTED;
      }
      return report.clean() ? 0 : 3;
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage(), e);
    }
  }

  private CheckOptions options() {
    DamageCheck damage = thorough ? DamageCheck.THOROUGH : DamageCheck.BY_DECODING;
    try {
      return new CheckOptions(threads, damage, near, mirrored, examples);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("--threads, --near, --examples: " + e.getMessage(), e);
    }
  }

  private void add(
      DatasetArgument.Named named,
      int index,
      List<CheckedSet> sets,
      List<CheckedProtocol> protocols,
      List<CheckedFile> files) {
    Optional<DatasetDescriptor> descriptor =
        named.dataset().descriptor().map(DatasetDescriptor::load);
    Optional<String> set = Optional.empty();
    if (named.dataset().source().isPresent()) {
      FaceManifest manifest = named.openAligned();
      if (named.recipe().isPresent()) {
        if (!roles.isEmpty()) {
          throw new ConfigException(
              "--roles: " + named.name() + " is a recipe, whose split says what is used for what");
        }
        addSplit(named, manifest, sets);
      } else {
        SetRole role = role(index);
        sets.add(
            new CheckedSet(
                named.name(),
                role,
                manifest,
                named.dataset().source().get().namesPeople(),
                descriptor.map(d -> new CheckedSet.Expected(d, named.dataset().subset()))));
        set = Optional.of(named.name());
      }
    }
    if (named.dataset().protocol().isPresent()) {
      ProtocolConfig config = named.dataset().protocol().get();
      Protocol protocol = config.open();
      protocols.add(
          new CheckedProtocol(protocol, set, descriptor.flatMap(d -> expected(d, protocol))));
      descriptor.ifPresent(
          d -> filesOf(config).forEach(file -> files.add(new CheckedFile(file, d))));
    }
  }

  private static void addSplit(
      DatasetArgument.Named named, FaceManifest manifest, List<CheckedSet> sets) {
    Split split =
        Split.of(manifest, named.recipe().get().data().split(), new SeedStreams(named.seed()));
    boolean people = named.dataset().source().get().namesPeople();
    add(sets, "train", SetRole.TRAIN, manifest, split.train(), people);
    add(sets, "validation", SetRole.VALIDATION, manifest, split.validation(), people);
    add(sets, "test", SetRole.TEST, manifest, split.test(), people);
    add(sets, "held out", SetRole.EVALUATION, manifest, split.verification(), people);
  }

  private static void add(
      List<CheckedSet> sets,
      String part,
      SetRole role,
      FaceManifest all,
      FaceSamples samples,
      boolean people) {
    if (!samples.isEmpty()) {
      // Under the name of the whole: identities that are numbers mean the same in all parts.
      FaceManifest manifest =
          new FaceManifest(all.name(), samples, sets.isEmpty() ? all.skipped() : List.of());
      sets.add(new CheckedSet(all.name() + " " + part, role, manifest, people, Optional.empty()));
    }
  }

  private SetRole role(int index) {
    if (roles.isEmpty()) {
      return index == 0 ? SetRole.TRAIN : SetRole.EVALUATION;
    }
    for (SetRole role : SetRole.values()) {
      if (role.label().equals(roles.get(index))) {
        return role;
      }
    }
    throw new ConfigException(
        "--roles: expected train, validation, test or evaluation, was " + roles.get(index));
  }

  /** Returns the descriptor's counts for a protocol, which it names after the protocol's file. */
  private static Optional<CheckedProtocol.Expected> expected(
      DatasetDescriptor descriptor, Protocol protocol) {
    return List.of(protocol.name(), protocol.name() + ".txt").stream()
        .filter(descriptor.protocols()::containsKey)
        .findFirst()
        .map(name -> new CheckedProtocol.Expected(descriptor, name));
  }

  /** Returns the lists that a protocol is read from. */
  private static List<Path> filesOf(ProtocolConfig protocol) {
    List<Path> files = new ArrayList<>();
    for (Path file : PathComponents.of(protocol)) {
      try {
        if (Files.isRegularFile(file) && Files.size(file) <= MOST_BYTES_OF_A_LIST) {
          files.add(file);
        }
      } catch (IOException e) {
        throw DataException.in(file, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
      }
    }
    return files;
  }

  private static void print(CheckReport report, Console console) {
    for (CheckReport.SetCounts set : report.sets()) {
      console.result(
          String.format(
              Locale.ROOT,
              "%s (%s): %d images of %d identities, %d of them cannot be read",
              set.name(),
              set.role().label(),
              set.images(),
              set.identities(),
              set.unreadable()));
    }
    for (CheckReport.ProtocolCounts protocol : report.protocols()) {
      console.result("protocol " + DataStatsCommand.counts(protocol.name(), protocol.counts()));
    }
    for (Finding finding : report.findings()) {
      console.result(
          String.format(
              Locale.ROOT,
              "%-8s %s: %s",
              finding.severity().label(),
              finding.kind().label(),
              finding.message()));
      for (Finding.Case example : finding.examples()) {
        console.result(
            "           "
                + String.join(", ", example.keys())
                + (example.detail().isEmpty() ? "" : ": " + example.detail()));
      }
      if (finding.total() > finding.examples().size()) {
        console.result("           and " + (finding.total() - finding.examples().size()) + " more");
      }
    }
    console.result(
        String.format(
            Locale.ROOT,
            "%d errors, %d warnings, %d notes",
            report.count(Severity.ERROR),
            report.count(Severity.WARNING),
            report.count(Severity.NOTE)));
  }
}
