package org.mien.model.hardware;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.error.ConfigException;
import org.mien.model.hardware.GpuSupport.Verdict;

/** What is said of GPUs that this machine need not have. */
final class GpuSupportTest {
  private static final CudaBuild BOTH = new CudaBuild(true, true);

  private static GpuSupport judge(String report) {
    return GpuSupport.of(BOTH, DriverReport.parse(report));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Tesla K80, 3.7, 470.256.02, 11441 MiB            | USABLE
          Tesla M40, 5.2, 535.183.01, 11520 MiB            | USABLE
          Tesla V100-SXM2-32GB, 7.0, 535.104.05, 32768 MiB | USABLE
          Tesla T4, 7.5, 450.80.02, 15360 MiB              | USABLE
          NVIDIA A100-SXM4-80GB, 8.0, 550.54.15, 81920 MiB | USABLE
          NVIDIA GeForce RTX 4090, 8.9, 560.94, 24564 MiB  | USABLE
          Tesla K40m, 3.5, 470.256.02, 11441 MiB           | GPU_TOO_OLD
          Tesla T4, 7.5, 450.51.06, 15360 MiB              | DRIVER_TOO_OLD
          Tesla T4, 7.5, 440.100, 15360 MiB                | DRIVER_TOO_OLD
          NVIDIA H100 80GB HBM3, 9.0, 535.104.05, 81559 MiB| BACKBONE_ONLY
          NVIDIA B200, 10.0, 570.86.10, 183359 MiB         | BACKBONE_ONLY
          NVIDIA GeForce RTX 5090, 12.0, 575.51, 32607 MiB | BACKBONE_ONLY
          NVIDIA H100 80GB HBM3, 9.0, 520.61.05, 81559 MiB | GPU_TOO_NEW
          Tesla T4, [N/A], 470.57.02, 15109 MiB            | USABLE
          """)
  void capabilityAndDriverDecide(String line, Verdict expected) {
    GpuSupport support = judge(line);
    assertEquals(expected, support.verdict(), support.line());
    assertEquals(expected == Verdict.USABLE, support.nd4j());
    assertEquals(1, support.line().lines().count());
    assertTrue(support.line().contains(line.substring(0, line.indexOf(','))), support.line());
  }

  @Test
  void onnxRuntimeNeedsANewerDriverThanNd4j() {
    assertFalse(judge("Tesla T4, 7.5, 510.39.01, 15360 MiB").onnxRuntime());
    assertTrue(judge("Tesla T4, 7.5, 525.60.13, 15360 MiB").onnxRuntime());
    assertFalse(judge("Tesla T4, 7.5, 525.60.11, 15360 MiB").onnxRuntime());
  }

  @Test
  void aMachineWithoutDriverOrGpuIsToldInOneLine() {
    assertEquals(
        "no GPU: there is no NVIDIA driver (neither nvidia-smi nor libcuda.so.1)",
        GpuSupport.of(BOTH, DriverReport.absent()).line());
    assertEquals(Verdict.NO_GPU, judge("").verdict());
    assertEquals(
        Verdict.NOT_KNOWN,
        judge("NVIDIA-SMI has failed because it couldn't communicate with the driver.").verdict());
  }

  @Test
  void aBuildForProcessorsSaysHowToMakeOneForGpus() {
    GpuSupport support =
        GpuSupport.of(
            new CudaBuild(false, false), DriverReport.parse("Tesla T4, 7.5, 535.1.1, 15360 MiB"));
    assertEquals(Verdict.NOT_IN_THIS_BUILD, support.verdict());
    assertTrue(support.line().contains("-Pcuda") && support.line().contains("Tesla T4"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Tesla T4, 7.5, 440.100, 15360 MiB", "Tesla K40m, 3.5, 470.2, 1 MiB"})
  void whoeverWantsCudaAndCannotHaveItIsRefusedWithThatLine(String report) {
    GpuSupport support = judge(report);
    ConfigException e =
        assertThrows(ConfigException.class, () -> support.require(Backend.CUDA, false));
    assertEquals(2, e.exitCode());
    assertTrue(e.getMessage().contains(support.line()), e.getMessage());
    assertDoesNotThrow(() -> support.require(Backend.AUTO, true));
    assertDoesNotThrow(() -> support.require(Backend.CPU, true));
    assertFalse(support.nd4jOnGpu(Backend.AUTO));
  }

  @Test
  void aGpuTooNewForNd4jServesFrozenBackbonesAlone() {
    GpuSupport support = judge("NVIDIA H100 80GB HBM3, 9.0, 535.104.05, 81559 MiB");
    assertDoesNotThrow(() -> support.require(Backend.CUDA, false));
    assertThrows(ConfigException.class, () -> support.require(Backend.CUDA, true));
    assertFalse(support.nd4jOnGpu(Backend.CUDA));
    assertTrue(support.onnxRuntimeOnGpu(Backend.AUTO));
    assertFalse(support.onnxRuntimeOnGpu(Backend.CPU));
  }

  @Test
  void severalGpusShareABackbonesImagesIfOnnxRuntimeRunsOnThem() {
    GpuSupport two =
        judge("Tesla T4, 7.5, 535.1.1, 15360 MiB\nTesla T4, 7.5, 535.1.1, 15360 MiB\n");
    assertEquals(List.of(0, 1), two.onnxDevices());
    assertEquals(List.of(0, 1), two.nd4jDevices());
    assertTrue(
        two.line().endsWith("; of 2, 2 for frozen backbones and 2 for training.replicas"),
        two.line());
    GpuSupport oneTooOld =
        judge(
            """
            Tesla T4, 7.5, 535.1.1, 15360 MiB
            K20, 3.5, 535.1.1, 5120 MiB
            A10, 8.6, 535.1.1, 24576 MiB
            """);
    assertEquals(List.of(0, 2), oneTooOld.onnxDevices());
    assertEquals(List.of(0, 2), oneTooOld.nd4jDevices());
    GpuSupport driverTooOldForOnnx =
        judge("Tesla T4, 7.5, 470.82.1, 15360 MiB\nTesla T4, 7.5, 470.82.1, 15360 MiB\n");
    assertEquals(List.of(), driverTooOldForOnnx.onnxDevices());
    assertEquals(List.of(0, 1), driverTooOldForOnnx.nd4jDevices());
    GpuSupport tooNewForNd4j =
        judge("H100, 9.0, 535.104.05, 81559 MiB\nH100, 9.0, 535.104.05, 81559 MiB\n");
    assertEquals(List.of(0, 1), tooNewForNd4j.onnxDevices());
    assertEquals(List.of(), tooNewForNd4j.nd4jDevices());
    assertTrue(
        tooNewForNd4j.line().endsWith("; of 2, 2 for frozen backbones and 0 for training.replicas"),
        tooNewForNd4j.line());
  }

  @Test
  void hiddenGpusDoNotCount() {
    DriverReport two =
        DriverReport.parse("A, 7.5, 535.1.1, 15360 MiB\nB, 8.0, 535.1.1, 40960 MiB\n");
    assertEquals(2, two.visible(null).gpus().size());
    assertEquals("B", two.visible("1,0").gpus().get(0).name());
    assertEquals(1, two.visible("GPU-8932f937").gpus().size());
    assertEquals(2, two.visible("GPU-8932f937,GPU-1,GPU-2").gpus().size());
    assertEquals(1, two.visible("0,7,1").gpus().size());
    assertEquals(Verdict.NO_GPU, GpuSupport.of(BOTH, two.visible("-1")).verdict());
    assertEquals(Verdict.NO_GPU, GpuSupport.of(BOTH, two.visible("")).verdict());
  }

  @Test
  void aReportIsReadFieldByField() {
    Gpu gpu = DriverReport.parse("  Odd, Name, 8.6, 510.47.03, 24576 MiB \n").gpus().get(0);
    assertEquals("Odd, Name", gpu.name());
    assertEquals(Optional.of(new Gpu.Capability(8, 6)), gpu.capability());
    assertEquals(Optional.of(new DriverVersion(510, 47, 3)), gpu.driver());
    assertEquals(24576, gpu.memoryMebibytes());
    assertEquals("510.47.03", gpu.driver().orElseThrow().toString());
  }

  @Test
  void backendsAreReadFromTheirWords() {
    assertEquals(Backend.CUDA, Backend.parse("cuda", "--backend"));
    ConfigException e =
        assertThrows(ConfigException.class, () -> Backend.parse("gpu", "--backend"));
    assertEquals("--backend: expected cpu, cuda or auto, was gpu", e.getMessage());
  }
}
