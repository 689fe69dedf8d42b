package org.mien.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mien.core.error.ConfigException;

final class FlatConfigTest {
  @Test
  void everyValueHasTheKeyThatSetWants() {
    Map<String, String> flat =
        FlatConfig.of(
            """
            name: a
            data: {mean: [1, 2.5], steps: [{type: flip}, {type: blur, sigma: 2}], more: {}}
            none: []
            """,
            "a.yaml");
    assertEquals(
        List.of(
            "name=a",
            "data.mean=[1, 2.5]",
            "data.steps.0.type=flip",
            "data.steps.1.type=blur",
            "data.steps.1.sigma=2",
            "data.more={}",
            "none=[]"),
        flat.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
  }

  @Test
  void whatIsNotYamlIsRefusedWithItsPlace() {
    ConfigException error =
        assertThrows(ConfigException.class, () -> FlatConfig.of("a: [1", "a.yaml"));
    assertEquals(true, error.getMessage().startsWith("a.yaml:"), error.getMessage());
  }
}
