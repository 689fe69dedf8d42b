package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.mien.core.provenance.ProvenanceCollector;
import org.mien.model.hardware.Backend;
import org.mien.model.hardware.CudaBuild;
import org.mien.model.hardware.DriverProbe;
import org.mien.model.hardware.GpuSupport;
import org.mien.model.nd4j.Nd4jRuntime;

/** {@code mien doctor}: what this machine offers, and what is wrong. */
@Parameters(commandDescription = "Java, cores, memory, backend, oneDNN, CUDA, data folders")
final class DoctorCommand extends HelpOption {
  @Parameter(names = "--json", description = "Print JSON")
  private boolean json;

  @Override
  public int run(Console console) {
    Map<String, String> facts = new LinkedHashMap<>();
    Runtime java = Runtime.getRuntime();
    facts.put("mien", ProvenanceCollector.mienVersion());
    facts.put(
        "java",
        System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")");
    facts.put("system", ProvenanceCollector.operatingSystem());
    facts.put("processor", ProvenanceCollector.cpu() + ", " + threads(java.availableProcessors()));
    facts.put(
        "heap", String.format(Locale.ROOT, "%.1f GiB at most", java.maxMemory() / 1073741824.0));
    facts.put("OMP_WAIT_POLICY", waitPolicy());
    Nd4jRuntime runtime = Nd4jRuntime.start();
    facts.put("backend", runtime.backend());
    facts.put(
        "oneDNN", (runtime.oneDnn().active() ? "on: " : "OFF: ") + runtime.oneDnn().explanation());
    facts.put("backend wanted", Backend.wanted().word());
    facts.put("CUDA", GpuSupport.of(CudaBuild.ofClassPath(), DriverProbe.ofMachine().ask()).line());
    Path data = Path.of(DataVariables.values().get("MIEN_DATA"));
    facts.put(
        "data",
        data
            + (Files.isDirectory(data)
                ? ""
                : " (does not exist; MIEN_DATA names another; quickstart needs none)"));
    facts.put("free disk", freeDisk(DataVariables.home()));
    if (json) {
      console.resultJson(facts);
    } else {
      facts.forEach(
          (name, value) -> console.result(String.format(Locale.ROOT, "%-16s %s", name, value)));
    }
    return 0;
  }

  private static String threads(int count) {
    String limit = System.getenv("MIEN_THREADS");
    return limit == null || limit.isEmpty() ? count + " cores" : count + " threads (MIEN_THREADS)";
  }

  private static String waitPolicy() {
    String policy = System.getenv("OMP_WAIT_POLICY");
    return "passive".equalsIgnoreCase(policy)
        ? "passive"
        : (policy == null ? "not set" : policy)
            + ": training is slower; bin/mien sets it to passive";
  }

  private static String freeDisk(Path folder) {
    try {
      return String.format(
          Locale.ROOT,
          "%.1f GiB at %s",
          Files.getFileStore(folder).getUsableSpace() / 1073741824.0,
          folder);
    } catch (IOException e) {
      return "not known (" + e.getMessage() + ")";
    }
  }
}
