package org.mien.trainer.experiment;

import java.util.LinkedHashMap;
import java.util.Map;
import org.mien.core.provenance.Provenance;

/** The provenance as lines of a report. */
public final class ProvenanceLines {
  private ProvenanceLines() {}

  /** Returns name and value of each line, in the order shown. */
  public static Map<String, String> of(Provenance provenance) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("Mien", provenance.mienVersion());
    if (provenance.commit() != null) {
      lines.put("Git commit", provenance.commit());
    }
    lines.put("Java", provenance.javaVersion() + " (" + provenance.javaVendor() + ")");
    lines.put("System", provenance.os());
    lines.put("Processor", provenance.cpu() + ", " + provenance.cores() + " cores");
    lines.put("Backend", provenance.backend());
    lines.put("Seed", Long.toString(provenance.seed()));
    lines.put("Started", provenance.startedAt().toString());
    if (provenance.finishedAt() != null) {
      lines.put("Finished", provenance.finishedAt().toString());
    }
    lines.put("Command line", String.join(" ", provenance.commandLine()));
    lines.put("SHA-256 of resolved.yaml", provenance.configSha256());
    provenance.inputs().forEach((name, print) -> lines.put("Input: " + name, print));
    return lines;
  }
}
