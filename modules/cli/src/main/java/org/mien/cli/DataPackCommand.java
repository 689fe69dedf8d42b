package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import org.mien.core.error.ConfigException;
import org.mien.data.export.BinExport;
import org.mien.data.export.RecordIoExport;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.protocol.PairList;
import org.mien.data.protocol.Protocol;

/** {@code mien data pack}: a data set in the containers that other tools read. */
@Parameters(commandDescription = "A data set as RecordIO, or its pairs as one .bin")
final class DataPackCommand extends HelpOption {
  @ParametersDelegate private final DatasetArgument source = new DatasetArgument();

  @Parameter(names = "--format", required = true, description = "recordio or bin")
  private String format;

  @Parameter(
      names = "--out",
      required = true,
      description = "Folder of train.rec and its companions (recordio), or the file (bin)")
  private Path out;

  @Override
  public int run(Console console) {
    DatasetArgument.Named named = source.single();
    try (Interruption interruption = Interruption.watch(console, "nothing is left half written")) {
      // A signal ends the process when the interruption is closed, so this is said before.
      try {
        pack(named, console, interruption);
        return 0;
      } catch (CancellationException e) {
        console.say("mien: " + e.getMessage() + "; nothing was written");
        return Main.INTERRUPTED;
      }
    }
  }

  private void pack(DatasetArgument.Named named, Console console, Interruption interruption) {
    switch (format) {
      case "recordio" -> {
        RecordIoExport.Written written =
            RecordIoExport.write(
                named.openAligned(), out, console.progress(), interruption::requested);
        console.result(
            String.format(
                Locale.ROOT,
                "%d images of %d identities: %s",
                written.images(),
                written.identities(),
                written.records()));
      }
      case "bin" -> {
        PairList pairs = pairs(named);
        FaceManifest manifest = named.openAligned();
        BinExport.write(pairs, manifest.samples(), out, console.progress());
        console.result(String.format(Locale.ROOT, "%d pairs: %s", pairs.pairs().size(), out));
      }
      default -> throw new ConfigException("--format: expected recordio or bin, was " + format);
    }
  }

  private static PairList pairs(DatasetArgument.Named named) {
    Protocol protocol =
        named
            .dataset()
            .protocol()
            .orElseThrow(
                () ->
                    new ConfigException(
                        named.name() + ": has no protocol, whose pairs a .bin would hold"))
            .open();
    if (protocol instanceof PairList pairs) {
      return pairs;
    }
    throw new ConfigException(
        named.name() + ": its protocol " + protocol.name() + " is not a list of pairs");
  }
}
