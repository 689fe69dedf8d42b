package org.mien.trainer.head;

/**
 * An optimiser, applied to one run of parameters after another. The state lies behind the
 * parameters' offsets as Deeplearning4j keeps it: for each of {@link #stateArrays()} one block as
 * long as all parameters together.
 */
interface UpdateRule {
  /** Numbers the rule remembers for a parameter. */
  int stateArrays();

  /**
   * Prepares one step.
   *
   * @param done steps before it
   * @param learningRate of this step
   */
  Step step(long done, double learningRate);

  /** One step's update. */
  interface Step {
    /**
     * Changes parameters and state in place.
     *
     * @param gradient of the batch's mean loss; stays as it is
     * @param weights the parameters
     * @param states the first and second state array of these parameters, as far as there are
     * @param n length of the run
     */
    void apply(float[] gradient, float[] weights, float[][] states, int n);
  }

  /** Adam (Kingma and Ba 2015, the form at the end of section 2). */
  record Adam(double beta1, double beta2, double epsilon) implements UpdateRule {
    @Override
    public int stateArrays() {
      return 2;
    }

    @Override
    public Step step(long done, double learningRate) {
      double t = done + 1.0;
      float rate =
          (float) (learningRate * Math.sqrt(1 - Math.pow(beta2, t)) / (1 - Math.pow(beta1, t)));
      float b1 = (float) beta1;
      float b2 = (float) beta2;
      float eps = (float) epsilon;
      return (gradient, weights, states, n) ->
          adam(gradient, weights, states[0], states[1], n, rate, b1, b2, eps);
    }

    private static void adam(
        float[] g,
        float[] w,
        float[] m,
        float[] v,
        int n,
        float rate,
        float beta1,
        float beta2,
        float epsilon) {
      float rest1 = 1 - beta1;
      float rest2 = 1 - beta2;
      for (int i = 0; i < n; i++) {
        float first = m[i] * beta1 + g[i] * rest1;
        float second = v[i] * beta2 + g[i] * g[i] * rest2;
        m[i] = first;
        v[i] = second;
        w[i] -= rate * first / ((float) Math.sqrt(second) + epsilon);
      }
    }
  }

  /** Stochastic gradient descent; with momentum, {@code v = momentum v + g}. */
  record Sgd(double momentum, boolean nesterov) implements UpdateRule {
    @Override
    public int stateArrays() {
      return momentum == 0 ? 0 : 1;
    }

    @Override
    public Step step(long done, double learningRate) {
      float rate = (float) learningRate;
      float mu = (float) momentum;
      if (momentum == 0) {
        return (gradient, weights, states, n) -> plain(gradient, weights, n, rate);
      }
      return nesterov
          ? (gradient, weights, states, n) -> nesterov(gradient, weights, states[0], n, rate, mu)
          : (gradient, weights, states, n) -> heavyBall(gradient, weights, states[0], n, rate, mu);
    }

    private static void plain(float[] g, float[] w, int n, float rate) {
      for (int i = 0; i < n; i++) {
        w[i] -= rate * g[i];
      }
    }

    private static void heavyBall(float[] g, float[] w, float[] v, int n, float rate, float mu) {
      for (int i = 0; i < n; i++) {
        float velocity = v[i] * mu + g[i];
        v[i] = velocity;
        w[i] -= rate * velocity;
      }
    }

    private static void nesterov(float[] g, float[] w, float[] v, int n, float rate, float mu) {
      for (int i = 0; i < n; i++) {
        float velocity = v[i] * mu + g[i];
        v[i] = velocity;
        w[i] -= rate * (velocity * mu + g[i]);
      }
    }
  }
}
