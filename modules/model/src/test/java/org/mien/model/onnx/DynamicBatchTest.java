package org.mien.model.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import onnx.Onnx;
import org.junit.jupiter.api.Test;

class DynamicBatchTest {
  private static DynamicBatch.Outcome verified(OnnxModelFile model) {
    return DynamicBatch.verified(model, Optional.empty(), TinyOnnx.SIDE, TinyOnnx.SIDE);
  }

  @Test
  void aReshapeThatHoldsTheBatchIsRewritten() {
    DynamicBatch.Outcome outcome = verified(new TinyOnnx().file());

    assertTrue(outcome.batches());
    assertTrue(outcome.rewritten());
    try (OnnxSession session =
        OnnxSession.open(outcome.model().toByteArray(), "rewritten", Optional.empty())) {
      assertArrayEquals(new long[] {-1, 3, 8, 8}, session.inputShape());
    }
  }

  @Test
  void aModelOfAnOldFormatThatListsItsConstantsAsInputsIsRewrittenToo() {
    DynamicBatch.Outcome outcome = verified(new TinyOnnx().irVersion(3).file());

    assertTrue(outcome.rewritten());
    assertEquals(3, outcome.model().getIrVersion());
  }

  @Test
  void aModelWithADynamicBatchStaysAsItIs() {
    OnnxModelFile model = new TinyOnnx().batch(0).reshape(-1, TinyOnnx.DIMENSION).file();

    DynamicBatch.Outcome outcome = verified(model);

    assertTrue(outcome.batches());
    assertFalse(outcome.rewritten());
    assertEquals(model.proto(), outcome.model());
  }

  @Test
  void aModelThatOnlyClaimsADynamicBatchIsRepaired() {
    DynamicBatch.Outcome outcome = verified(new TinyOnnx().batch(0).file());

    assertTrue(outcome.batches());
    assertTrue(outcome.rewritten());
  }

  @Test
  void aModelThatMixesTheImagesOfABatchKeepsItsBatchOfOne() {
    // The mean over the batch: the same for one image, another for three.
    Onnx.ModelProto.Builder mixing =
        new TinyOnnx().reshape(null).named("input", "v").build().toBuilder();
    Onnx.GraphProto.Builder graph = mixing.getGraphBuilder();
    graph.addNode(
        Onnx.NodeProto.newBuilder()
            .setOpType("ReduceMean")
            .addInput("v")
            .addOutput("mean")
            .addAttribute(
                Onnx.AttributeProto.newBuilder()
                    .setName("axes")
                    .setType(Onnx.AttributeProto.AttributeType.INTS)
                    .addAllInts(List.of(0L))));
    graph.addNode(
        Onnx.NodeProto.newBuilder()
            .setOpType("Add")
            .addInput("v")
            .addInput("mean")
            .addOutput("sum"));
    graph.setOutput(0, graph.getOutput(0).toBuilder().setName("sum"));

    DynamicBatch.Outcome outcome =
        verified(OnnxModelFile.of(mixing.build().toByteArray(), "mixing.onnx"));

    assertFalse(outcome.batches());
    assertEquals(mixing.build(), outcome.model());
  }
}
