package dev.buzon.bizum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "25|25|2500",
                "25.5|25.50|2550",
                "25,50|25.50|2550",
                "1.234,56|1234.56|123456",
                "1,234.56|1234.56|123456",
                "1.234.567|1234567|123456700",
                "0,01|0.01|1",
                "' 007 '|7|700",
                "+3|3|300",
                "9999999999999.99|9999999999999.99|999999999999999"
            })
    void readsExactly(String text, String shown, long cents) throws Exception {
        assertThat(Amount.cents(text)).isEqualTo(cents);
        assertThat(Amount.format(cents)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.234|could be thousands or decimals",
                "1,234|could be thousands or decimals",
                "0.234|more than two decimals",
                "1.234,567|more than two decimals",
                "0|not positive",
                "0,00|not positive",
                "-5|not positive",
                "99999999999999|too large",
                "''|expected an amount",
                "abc|expected an amount",
                "1e3|expected an amount",
                "1.23.456|expected an amount",
                "1,234,56|expected an amount",
                "\u0663|expected an amount"
            })
    void refusesWithAReason(String text, String reason) {
        assertThatThrownBy(() -> Amount.cents(text))
                .isInstanceOf(BadBizumException.class)
                .hasMessageContaining(reason);
    }
}
