package org.mien.model.hardware;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.mien.core.error.ConfigException;

/**
 * What this build can do with the GPU that a driver reports. A pure function of both, so that it is
 * tested without a GPU.
 *
 * <p>The rules, for Linux on x86-64:
 *
 * <ul>
 *   <li>nd4j-cuda-11.6 holds machine code for {@link #KERNELS} and no PTX that a driver could
 *       compile for newer GPUs. Machine code runs on its own major number, same or higher minor
 *       number.
 *   <li>CUDA 11.6 came with driver 510.39.01. Since CUDA 11, minor version compatibility lets its
 *       programs run on any driver of the major version, 450.80.02 or newer; what needs a newer one
 *       is compiling PTX, of which there is none.
 *   <li>onnxruntime_gpu is built for CUDA 12: driver 525.60.13 or newer. CUDA 12 and cuDNN 9 have
 *       to be on the machine; whether they are is only known when a session is made.
 * </ul>
 *
 * @param verdict what can be done
 * @param nd4j whether ND4J can run on the GPU
 * @param onnxRuntime whether ONNX Runtime can, as far as driver and class path say
 * @param onnxDevices the GPUs that ONNX Runtime can run on, in CUDA's numbers; empty where it
 *     cannot run on the first one
 * @param nd4jDevices the same of ND4J
 * @param line one line for people
 */
public record GpuSupport(
    Verdict verdict,
    boolean nd4j,
    boolean onnxRuntime,
    List<Integer> onnxDevices,
    List<Integer> nd4jDevices,
    String line) {
  /** Compute capabilities nd4j-cuda-11.6 1.0.0-M2.1 has machine code for. */
  public static final List<Gpu.Capability> KERNELS =
      List.of(
          new Gpu.Capability(3, 7),
          new Gpu.Capability(5, 0),
          new Gpu.Capability(5, 2),
          new Gpu.Capability(6, 0),
          new Gpu.Capability(6, 1),
          new Gpu.Capability(7, 0),
          new Gpu.Capability(7, 5),
          new Gpu.Capability(8, 0),
          new Gpu.Capability(8, 6));

  /** Oldest driver that runs programs of CUDA 11.6, by minor version compatibility. */
  public static final DriverVersion OLDEST_FOR_ND4J = new DriverVersion(450, 80, 2);

  /** The driver that came with CUDA 11.6. */
  private static final DriverVersion DRIVER_OF_CUDA_11_6 = new DriverVersion(510, 39, 1);

  /** Oldest driver that runs programs of CUDA 12, by minor version compatibility. */
  public static final DriverVersion OLDEST_FOR_ONNX_RUNTIME = new DriverVersion(525, 60, 13);

  /** What can be done with the GPU. */
  public enum Verdict {
    /** The build has nothing that runs on a GPU. */
    NOT_IN_THIS_BUILD,
    NO_DRIVER,
    /** There is a driver, but nobody says for which GPU; only trying would tell. */
    NOT_KNOWN,
    NO_GPU,
    DRIVER_TOO_OLD,
    GPU_TOO_OLD,
    /** ND4J has no code for so new a GPU; a frozen backbone can run on it in ONNX Runtime. */
    BACKBONE_ONLY,
    /** As {@link #BACKBONE_ONLY}, but ONNX Runtime cannot use it either. */
    GPU_TOO_NEW,
    USABLE
  }

  private static final class Holder {
    private static final GpuSupport MACHINE =
        CudaBuild.ofClassPath().any()
            ? of(CudaBuild.ofClassPath(), DriverProbe.ofMachine().ask())
            : of(CudaBuild.ofClassPath(), DriverReport.absent());
  }

  /**
   * Judges this machine, once. A build without CUDA does not ask for a driver: it costs time and
   * would change nothing.
   */
  public static GpuSupport ofMachine() {
    return Holder.MACHINE;
  }

  /** Judges the first GPU of a report, and which of the others are as good. */
  public static GpuSupport of(CudaBuild build, DriverReport report) {
    if (!build.any()) {
      return none(
          Verdict.NOT_IN_THIS_BUILD,
          "no GPU: this build runs on the processor alone; mvn -Pcuda package makes one for GPUs"
              + " (docs/hardware.md)"
              + (report.gpus().isEmpty() ? "" : ". There is " + report.gpus().get(0).describe()));
    }
    if (report.state() == DriverReport.State.ABSENT) {
      return none(
          Verdict.NO_DRIVER,
          "no GPU: there is no NVIDIA driver (neither nvidia-smi nor libcuda.so.1)");
    }
    if (report.state() == DriverReport.State.SILENT) {
      return none(
          Verdict.NOT_KNOWN,
          "no GPU: there is an NVIDIA driver, but it does not say which GPU it drives ("
              + report.problem()
              + ")");
    }
    if (report.gpus().isEmpty()) {
      return none(
          Verdict.NO_GPU,
          "no GPU: the NVIDIA driver reports none"
              + (report.problem().isEmpty() ? "" : " (" + report.problem() + ")"));
    }
    List<Gpu> gpus = report.gpus();
    GpuSupport first = of(build, gpus.get(0));
    List<Integer> onnx =
        first.onnxRuntime ? those(gpus, gpu -> of(build, gpu).onnxRuntime) : List.of();
    List<Integer> nd4j = first.nd4j ? those(gpus, gpu -> of(build, gpu).nd4j) : List.of();
    String line = first.line;
    if (gpus.size() > 1 && (first.nd4j || first.onnxRuntime)) {
      line +=
          String.format(
              "; of %d, %d for frozen backbones and %d for training.replicas",
              gpus.size(), onnx.size(), nd4j.size());
    }
    return new GpuSupport(first.verdict, first.nd4j, first.onnxRuntime, onnx, nd4j, line);
  }

  private static List<Integer> those(List<Gpu> gpus, Predicate<Gpu> fit) {
    return IntStream.range(0, gpus.size()).filter(i -> fit.test(gpus.get(i))).boxed().toList();
  }

  private static GpuSupport of(CudaBuild build, Gpu gpu) {
    Optional<DriverVersion> driver = gpu.driver();
    if (driver.isPresent() && driver.get().compareTo(OLDEST_FOR_ND4J) < 0) {
      return none(
          Verdict.DRIVER_TOO_OLD,
          String.format(
              "no GPU: the driver %s of %s is too old; CUDA 11.6 needs %s or newer, best %s",
              driver.get(), gpu.describe(), OLDEST_FOR_ND4J, DRIVER_OF_CUDA_11_6));
    }
    boolean onnxDriver = driver.isEmpty() || driver.get().compareTo(OLDEST_FOR_ONNX_RUNTIME) >= 0;
    boolean onnx = build.onnxRuntime() && onnxDriver;
    // A driver that does not tell the capability is older than every GPU that is too new.
    boolean code = gpu.capability().map(GpuSupport::hasCode).orElse(true);
    if (!code && gpu.capability().orElseThrow().major() < newestMajor()) {
      return none(
          Verdict.GPU_TOO_OLD,
          "no GPU: "
              + gpu.describe()
              + " is older than the kernels of nd4j-cuda-11.6 ("
              + kernels()
              + ")");
    }
    if (!code) {
      String newer =
          gpu.describe() + " is newer than the kernels of nd4j-cuda-11.6 (" + kernels() + ")";
      return onnx
          ? new GpuSupport(
              Verdict.BACKBONE_ONLY,
              false,
              true,
              List.of(),
              List.of(),
              "GPU for frozen backbones only: "
                  + newer
                  + "; they run in ONNX Runtime, the rest on the processor")
          : none(
              Verdict.GPU_TOO_NEW,
              "no GPU: "
                  + newer
                  + (build.onnxRuntime()
                      ? ", and ONNX Runtime needs driver " + OLDEST_FOR_ONNX_RUNTIME + " or newer"
                      : ""));
    }
    if (!build.nd4j() && !onnx) {
      return none(
          Verdict.DRIVER_TOO_OLD,
          String.format(
              "no GPU: the driver %s of %s is too old; ONNX Runtime needs %s or newer",
              driver.orElseThrow(), gpu.describe(), OLDEST_FOR_ONNX_RUNTIME));
    }
    return new GpuSupport(
        Verdict.USABLE,
        build.nd4j(),
        onnx,
        List.of(),
        List.of(),
        "GPU: "
            + gpu.describe()
            + driver.map(version -> ", driver " + version).orElse("")
            + (onnx ? "" : "; not for ONNX Runtime, which needs " + onnxNeeds(build))
            + (build.nd4j() ? "" : "; for frozen backbones in ONNX Runtime only"));
  }

  private static String onnxNeeds(CudaBuild build) {
    return build.onnxRuntime()
        ? "driver " + OLDEST_FOR_ONNX_RUNTIME + " or newer"
        : "onnxruntime_gpu on the class path";
  }

  /**
   * Refuses where the user wants a GPU and cannot have it.
   *
   * @param wanted what the user wants
   * @param wholeNetwork whether layers of the network are trained, which ND4J does; a frozen
   *     backbone needs ONNX Runtime alone
   * @throws ConfigException if {@link Backend#CUDA} is wanted and there is no GPU for the work
   */
  public void require(Backend wanted, boolean wholeNetwork) {
    if (wanted != Backend.CUDA || verdict == Verdict.NOT_KNOWN) {
      return;
    }
    if (!nd4j && !onnxRuntime) {
      throw new ConfigException("backend cuda: " + line + "; backend auto goes on without");
    }
    if (wholeNetwork && !nd4j) {
      throw new ConfigException(
          "backend cuda: "
              + line
              + ". This recipe trains layers of the network, which ND4J does; backend auto or cpu"
              + " trains them on the processor");
    }
  }

  /** Whether ND4J is to run on the GPU. */
  public boolean nd4jOnGpu(Backend wanted) {
    return wanted != Backend.CPU && (nd4j || (wanted == Backend.CUDA && isUnknown()));
  }

  /** Whether ONNX Runtime is to be tried on the GPU. */
  public boolean onnxRuntimeOnGpu(Backend wanted) {
    return wanted != Backend.CPU && (onnxRuntime || (wanted == Backend.CUDA && isUnknown()));
  }

  /** Whether anything is to run on the GPU. */
  public boolean anyOnGpu(Backend wanted) {
    return nd4jOnGpu(wanted) || onnxRuntimeOnGpu(wanted);
  }

  private boolean isUnknown() {
    return verdict == Verdict.NOT_KNOWN;
  }

  private static boolean hasCode(Gpu.Capability capability) {
    return KERNELS.stream().anyMatch(capability::runsCodeFor);
  }

  private static int newestMajor() {
    return KERNELS.get(KERNELS.size() - 1).major();
  }

  private static String kernels() {
    return KERNELS.get(0) + " to " + KERNELS.get(KERNELS.size() - 1) + ", no PTX";
  }

  private static GpuSupport none(Verdict verdict, String line) {
    return new GpuSupport(verdict, false, false, List.of(), List.of(), line);
  }
}
