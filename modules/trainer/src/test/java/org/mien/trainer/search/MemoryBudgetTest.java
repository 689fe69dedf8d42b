package org.mien.trainer.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mien.core.error.ConfigException;
import org.mien.trainer.experiment.CandidateMemory;

final class MemoryBudgetTest {
  private static final long MIB = 1 << 20;
  private static final CandidateMemory NEED = new CandidateMemory(100 * MIB, 300 * MIB);

  private final List<String> log = new ArrayList<>();

  private int parallel(int wanted, long heap, long outside, long machine) {
    MemoryReport free = new MemoryReport(heap * MIB, outside * MIB, machine * MIB);
    return new MemoryBudget(() -> free, log::add).parallel(wanted, NEED);
  }

  @Test
  void theScarcestMemoryDecidesAndOneLineSaysSo() {
    assertEquals(4, parallel(4, 400, 1200, 1600));
    assertEquals(List.of(), log);
    assertEquals(3, parallel(4, 399, 9000, 9000));
    assertEquals(2, parallel(4, 9000, 899, 9000));
    assertEquals(1, parallel(4, 9000, 9000, 799));
    assertEquals(3, log.size());
    assertEquals(
        "parallel: 3 instead of 4 candidates at a time, for one needs about 100 MiB of heap and 300"
            + " MiB outside it; free are 399 MiB, 9000 MiB and, of the machine for both, 9000 MiB",
        log.get(0));
  }

  @Test
  void notEvenOneIsRefusedWithTheNumbersAndTheWayOut() {
    ConfigException error = assertThrows(ConfigException.class, () -> parallel(1, 99, 9000, 9000));
    assertTrue(error.getMessage().contains("not even one candidate fits"), error.getMessage());
    assertTrue(error.getMessage().contains("MIEN_JAVA_OPTS"), error.getMessage());
  }

  @Test
  void memoryWithoutALimitDoesNotDecide() {
    MemoryReport free = new MemoryReport(9000 * MIB, Long.MAX_VALUE, Long.MAX_VALUE);
    assertEquals(16, new MemoryBudget(() -> free, log::add).parallel(16, NEED));
  }

  @Test
  void thisProcessHasMemory() {
    MemoryReport free = MemoryReport.ofProcess();
    assertTrue(free.heapBytes() > MIB && free.heapBytes() <= Runtime.getRuntime().maxMemory());
    assertTrue(free.nativeBytes() > MIB, free.toString());
    assertTrue(free.machineBytes() > MIB, free.toString());
  }
}
