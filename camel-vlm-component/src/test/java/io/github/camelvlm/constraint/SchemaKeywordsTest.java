package io.github.camelvlm.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.JsonSchema;
import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.grammar.Grammar;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaKeywordsTest {
    private static final int TEXTS = 60;

    private static Grammar grammar(String schema) {
        return AnswerGrammars.of(new AnswerFormat.Json("schema", schema));
    }

    /** In each, " stands for ' and what follows => is a valid text, what follows !> is not. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'string','enum':['a',1,null]} => 'a' !> 1 !> null",
                "{'type':['string','null'],'enum':['a',1,null]} => 'a' => null !> 1",
                "{'enum':[1,2,3.5,-7],'minimum':2} => 2 => 3.5 !> 1 !> -7",
                "{'enum':['a','bb','ccc'],'minLength':2,'pattern':'^b'} => 'bb' !> 'a' !> 'ccc'",
                "{'const':1,'enum':[1.0,2]} => 1 !> 2",
                "{'enum':[1,4,5,6],'multipleOf':2} => 4 => 6 !> 1 !> 5",
                "{'$defs':{'p':{'type':'integer'}},'$ref':'#/$defs/p','minimum':3} => 3 !> 2 !> 'a'",
                "{'type':'object','properties':{'a':{'type':'integer'}},'anyOf':[{'required':['a']},{'required':['b']}]}"
                        + " => {'a':1} => {'b':1} => {'a':1,'b':2} !> {} !> {'a':'x'}",
                "{'type':'object','properties':{'a':{}},'required':['b']} => {'b':1} => {'a':1,'b':2} !> {'a':1}",
                "{'type':'object','properties':{'a':{'type':'null'}},'required':['b'],'additionalProperties':{'type':"
                        + "'integer'}} => {'b':1} => {'a':null,'b':2,'c':3} !> {'b':'x'}",
                "{'allOf':[{'type':'integer','minimum':2},{'maximum':4}]} => 2 => 4 !> 1 !> 5",
                "{'type':'number','minimum':-1.5,'exclusiveMaximum':2.25} => -1.5 => 2.2499 => 0 => 2 !> 2.25 !> -1.51 !> 3",
                "{'type':'number','exclusiveMinimum':0} => 0.001 => 7 !> 0 !> 0.0 !> -1",
                "{'type':'number','minimum':0.1,'maximum':0.1} => 0.1 => 0.10 !> 0.11 !> 0",
                "{'type':'number','exclusiveMinimum':0.99,'exclusiveMaximum':1} => 0.995 !> 0.99 !> 1 !> 1.0 !> 0.98",
                "{'type':'number','maximum':-0.5} => -0.5 => -12 !> -0.4 !> 0",
                "{'type':'number','multipleOf':0.01} => 1.25 => 3 !> 1.255",
                "{'type':'integer','minimum':1.5,'maximum':3.5} => 2 => 3 !> 1 !> 4",
                "{'type':'integer','multipleOf':7} => 0 => -14 => 7000007 !> 8",
                "{'type':'integer','multipleOf':250,'minimum':1} => 250 => 1000 !> 0 !> 100",
                "{'type':'integer','multipleOf':3,'minimum':-4,'maximum':9} => -3 => 9 !> -6 !> 10 !> 1",
                "{'type':'integer','allOf':[{'multipleOf':4},{'multipleOf':6}]} => 12 => 0 !> 4 !> 6",
                "{'type':'integer','format':'int32'} => 2147483647 !> 2147483648",
                "{'type':'string','pattern':'^a+$','minLength':2,'maxLength':3} => 'aa' => 'aaa' !> 'a' !> 'aaaa'",
                "{'type':'string','pattern':'a','allOf':[{'pattern':'b'}]} => 'ab' => 'ba' !> 'a' !> 'b'",
                "{'type':'string','format':'date','pattern':'^2024'} => '2024-02-29' !> '2023-01-01'",
                "{'type':'string','format':'date'} => '2000-02-29' !> '1900-02-29' !> '2023-02-29' !> '2023-04-31'",
                "{'type':'string','pattern':'(^a|b$)'} => 'ax' => 'xb' !> 'xa'",
                "{'type':'string','pattern':'^[^\\\\d]$'} => 'a' => '\\n' !> '1'",
                "{'type':'string','pattern':'^\\\\p{Lu}\\\\/$'} => 'Ä/' !> 'ä/'",
                "{'type':'string','pattern':'^\\\\ud83d\\\\ude80\\\\x41$'} => '🚀A' !> 'A'",
                "{'type':'string','minLength':1,'maxLength':1} => '\\ud83d\\ude80' => '\\u00e9' !> '\\ud83d'",
                "{'type':'string','nullable':true} => null => 'a' !> 1",
                "{'type':'array','items':false} => [] !> [1]",
                "{'type':'array','prefixItems':[{'type':'integer'},true,{'type':'null'}],'minItems':2,'maxItems':3}"
                        + " => [1,'x'] => [1,2,null] !> [1] !> [1,2,3]",
                "{'type':'array','prefixItems':[{'type':'integer'}],'items':{'type':'null'},'minItems':3}"
                        + " => [1,null,null] !> [1,null] !> [1,2,null]",
                "{'type':'array','minItems':2,'maxItems':3} => [1,[]] !> [1] !> [1,2,3,4]",
                "{'oneOf':[{'const':'a'},{'const':'b'},{'type':'integer'}]} => 'a' => 3 !> 'c'",
                "{'oneOf':[{'type':'object','properties':{'t':{'const':1}},'required':['t']},{'type':'object',"
                        + "'properties':{'t':{'enum':[2,3]}},'required':['t']}]} => {'t':1} => {'t':3} !> {'t':4} !> {}",
                "{'oneOf':[{'type':'integer','maximum':3},{'type':'integer','minimum':4}]} => 3 => 4",
                "{'$defs':{'list':{'type':'object','properties':{'next':{'$ref':'#/$defs/list'}},"
                        + "'additionalProperties':false}},'allOf':[{'$ref':'#/$defs/list'},{'required':['next']}]}"
                        + " => {'next':{}} => {'next':{'next':{}}} !> {}",
                "{'$ref':'#/$defs/a~1b%20c','$defs':{'a/b c':{'type':'null'}}} => null !> 1",
                "{'type':'object','properties':{'a':false,'b':{'type':'null'}}} => {'b':null} => {} !> {'a':1}",
                "{'properties':{'a':{'type':'null'}},'type':'object'} => {'a':null,'ab':1,'':2} !> {'ab':1,'a':1} !> {'a':1}",
                "{'type':['integer','array'],'items':{'type':'null'},'minimum':2} => 2 => [null] !> 1 !> [1]",
                "true => {'a':1} => 1.5e3",
            })
    void combinesKeywords(String example) {
        String[] parts = example.replace('\'', '"').split(" (?==>|!>)");
        Grammar grammar = grammar(parts[0]);
        Recognizer recognizer = new Recognizer(grammar);
        for (int i = 1; i < parts.length; i++) {
            String text = parts[i].substring(3);
            assertThat(recognizer.matches(text)).as(parts[i]).isEqualTo(parts[i].startsWith("=>"));
        }
        JsonSchema validator = Validation.schema(parts[0]);
        RandomTexts texts = new RandomTexts(grammar, 5);
        for (int i = 0; i < TEXTS; i++) {
            String text = texts.next(i);
            assertThat(Validation.problems(validator, text)).as(text).isEmpty();
            assertThat(recognizer.matches(text)).as(text).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"date", "time", "date-time", "email", "uuid", "uri", "ipv4"})
    void textsOfFormatsAreValid(String format) {
        String schema = "{\"type\":\"string\",\"format\":\"" + format + "\"}";
        RandomTexts texts = new RandomTexts(grammar(schema), 7);
        JsonSchema validator = Validation.schema(schema);
        for (int i = 0; i < 1000; i++) {
            String text = texts.next(i % 100);
            assertThat(Validation.problems(validator, text)).as(text).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "{'type':'strnig'};schema.type must be one of",
                "{'type':'string','format':'binary'};schema.format is not supported: the formats served are",
                "{'properties':{'a':{'minimun':1}}};schema.properties.a.minimun is not supported",
                "{'items':[{}]};schema.items is not supported",
                "{'anyOf':[{'type':'string'},{'not':{}}]};schema.anyOf[1].not is not supported",
                "{'$ref':'#'};schema refers to itself without end",
                "{'$defs':{'a':{'allOf':[{'$ref':'#/$defs/a'}]}},'$ref':'#/$defs/a'};"
                        + "schema.$defs.a refers to itself without end",
                "{'type':'object','properties':{'a':{'$ref':'#'}},'required':['a']};schema is a schema that nothing satisfies",
                "{'oneOf':[{'type':'string'},{'type':'string','maxLength':3}]};schema.oneOf is not supported",
                "{'type':'string','allOf':[{'type':'integer'}]};schema.allOf[0] is satisfied by nothing",
                "{'type':'string','minLength':4,'maxLength':3};schema.maxLength must not be below minLength",
                "{'type':'array','minItems':2000000};schema.minItems is not supported: the largest served is 1000000",
                "{'$defs':{'a':{'type':'null'}},'$ref':'#/$defs/a','nullable':true};schema.nullable is not supported",
                "{'minimum':'1'};schema.minimum must be a number",
                "{'multipleOf':0};schema.multipleOf must be above 0",
                "{'type':'integer','multipleOf':123456789};schema.multipleOf is not supported",
                "{'type':'integer','multipleOf':1.5};schema.multipleOf is not supported",
                "{'required':'a'};schema.required must be a list",
                "{'pattern':'('};schema.pattern is no regular expression",
                "{'type':'string','pattern':'^a','minLength':100000};schema.pattern is too large",
                "{'enum':[{'a':1}],'properties':{}};schema.enum is not supported",
                "{'$defs':{'a':{'$id':'x'}},'$ref':'#/$defs/a'};schema.$defs.a.$id is not supported",
                "{'const':1e400};schema.const is not supported",
                "false;schema is a schema that nothing satisfies",
                "[];schema must be a schema",
                "{'a';schema cannot be read as JSON",
                "{'type':'string'} x;schema cannot be read as JSON",
                "{'type':'string','type':'null'};schema cannot be read as JSON",
            })
    void refusesByPathWhatIsNotServed(String schema, String refusal) {
        assertThatThrownBy(() -> grammar(schema.replace('\'', '"')))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith(refusal);
    }
}
