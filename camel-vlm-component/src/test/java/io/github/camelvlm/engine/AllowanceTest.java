package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AllowanceTest {
    private final Allowance allowance = new Allowance(3);

    @Test
    void growsWhereAllWereRight() {
        allowance.told(3, 3);

        assertThat(allowance.take()).isEqualTo(6);
        allowance.told(6, 6);
        assertThat(allowance.take()).isEqualTo(8);
    }

    @Test
    void staysWhereFewerThanItAllowsWereProposedAndRight() {
        allowance.told(1, 1);

        assertThat(allowance.take()).isEqualTo(3);
    }

    @Test
    void shrinksToOneMoreThanWereRight() {
        allowance.told(3, 1);

        assertThat(allowance.take()).isEqualTo(2);
    }

    @Test
    void leavesOutMoreAndMoreStepsTheMoreWereWrong() {
        int riding = 0;
        for (int step = 0; step < 1000; step++) {
            int tokens = allowance.take();
            if (tokens > 0) {
                riding += tokens;
                allowance.told(tokens, 0);
            }
        }

        // A row more costs a step of the 2B three hundredths.
        assertThat(riding).isBetween(10, 25);
    }

    @Test
    void isTriedAgainAfterAWhileAndGrowsAgain() {
        allowance.told(3, 0);
        assertThat(allowance.take()).isEqualTo(1);
        allowance.told(1, 0);
        assertThat(allowance.take()).isZero();
        assertThat(allowance.take()).isZero();

        assertThat(allowance.take()).isEqualTo(1);
        allowance.told(1, 1);
        assertThat(allowance.take()).isEqualTo(2);
    }
}
