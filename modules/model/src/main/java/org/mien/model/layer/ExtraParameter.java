package org.mien.model.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The parameters of a dense layer and, behind them, one that no optimiser touches: what the layer
 * gives as its gradient is subtracted from it as it is.
 */
final class ExtraParameter implements ParamInitializer {
  private static final DefaultParamInitializer DENSE = DefaultParamInitializer.getInstance();

  private final String name;
  private final long rows;
  private final long columns;

  /** Zeros of shape {@code (rows, columns)} under this name; no rows mean no parameter. */
  ExtraParameter(String name, long rows, long columns) {
    this.name = name;
    this.rows = rows;
    this.columns = columns;
  }

  @Override
  public long numParams(NeuralNetConfiguration conf) {
    return numParams(conf.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    return DENSE.numParams(layer) + rows * columns;
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    List<String> keys = new ArrayList<>(DENSE.paramKeys(layer));
    if (rows > 0) {
      keys.add(name);
    }
    return keys;
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return DENSE.weightKeys(layer);
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return DENSE.biasKeys(layer);
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return DENSE.isWeightParam(layer, key);
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return DENSE.isBiasParam(layer, key);
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration conf, INDArray parameters, boolean initialize) {
    Map<String, INDArray> table =
        new LinkedHashMap<>(DENSE.init(conf, dense(conf, parameters), initialize));
    if (rows > 0) {
      INDArray view = extra(conf, parameters);
      if (initialize) {
        view.assign(0);
      }
      table.put(name, view);
      conf.addVariable(name);
    }
    return table;
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration conf, INDArray gradient) {
    Map<String, INDArray> table =
        new LinkedHashMap<>(DENSE.getGradientsFromFlattened(conf, dense(conf, gradient)));
    if (rows > 0) {
      table.put(name, extra(conf, gradient));
    }
    return table;
  }

  private static INDArray dense(NeuralNetConfiguration conf, INDArray flat) {
    return flat.reshape(flat.length()).get(NDArrayIndex.interval(0, DENSE.numParams(conf)));
  }

  private INDArray extra(NeuralNetConfiguration conf, INDArray flat) {
    long from = DENSE.numParams(conf);
    return flat.reshape(flat.length())
        .get(NDArrayIndex.interval(from, from + rows * columns))
        .reshape('c', rows, columns);
  }
}
